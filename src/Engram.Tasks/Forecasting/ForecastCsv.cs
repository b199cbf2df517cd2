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
        TimeFormat times = TimeFormat.For(rows);
        writer.WriteLine("time,step,actual,predicted,naive");
        foreach (ForecastRow row in rows)
        {
            writer.Write(row.Time is { } time ? times.Write(time) : Format(row.Row));
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
        TimeFormat times = TimeFormat.For(forecast);
        writer.WriteLine("time,step,predicted");
        for (int i = 0; i < forecast.Values.Count; i++)
        {
            string time = i < forecast.Times.Count ? times.Write(forecast.Times[i]) : "";
            writer.WriteLine($"{time},{Format(i + 1)},{Format(forecast.Values[i])}");
        }
    }

    private static string Format(int value) => value.ToString(CultureInfo.InvariantCulture);

    // Ten digits: more than any forecast knows, and what single precision leaves of larger numbers.
    private static string Format(double value) => value.ToString("G10", CultureInfo.InvariantCulture);
}
