using System.Globalization;

namespace Engram.Tasks;

/// <summary>Forecasts as CSV. Without time stamps the first column holds the number of the row.</summary>
public static class ForecastCsv
{
    /// <summary>Writes <c>time,step,actual,predicted,naive</c>, a line for each row; what is not known is left empty.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="rows">What.</param>
    public static void Write(TextWriter writer, ForecastRows rows)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(rows);
        bool isDaily = rows.All(row => row.Time is null || row.Time.Value.TimeOfDay == TimeSpan.Zero);
        writer.WriteLine("time,step,actual,predicted,naive");
        foreach (ForecastRow row in rows)
        {
            writer.Write(row.Time is { } time ? Format(time, isDaily) : Format(row.Row));
            writer.Write(',');
            writer.Write(Format(row.Step));
            writer.Write(',');
            writer.Write(double.IsNaN(row.Actual) ? "" : Format(row.Actual));
            writer.Write(',');
            writer.Write(Format(row.Predicted));
            writer.Write(',');
            writer.WriteLine(Format(row.Naive));
        }
    }

    /// <summary>Writes <c>time,step,predicted</c>, a line for each step ahead; the time is left empty where it is not known.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="forecast">What.</param>
    public static void Write(TextWriter writer, Forecast forecast)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(forecast);
        bool isDaily = forecast.Times.All(time => time.TimeOfDay == TimeSpan.Zero);
        writer.WriteLine("time,step,predicted");
        for (int i = 0; i < forecast.Values.Count; i++)
        {
            string time = i < forecast.Times.Count ? Format(forecast.Times[i], isDaily) : "";
            writer.WriteLine($"{time},{Format(i + 1)},{Format(forecast.Values[i])}");
        }
    }

    internal static string Format(DateTime time, bool isDaily) =>
        time.ToString(isDaily ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Format(int value) => value.ToString(CultureInfo.InvariantCulture);

    // Ten digits: more than any forecast knows, and what single precision leaves of larger numbers.
    private static string Format(double value) => value.ToString("G10", CultureInfo.InvariantCulture);
}
