using System.Globalization;

namespace Engram.Tasks;

/// <summary>How the times of forecasts are written: the day alone where all of them are midnights.</summary>
internal readonly record struct TimeFormat(bool IsDaily)
{
    public static TimeFormat For(ForecastRows rows) => For(rows.Select(row => row.Time));

    public static TimeFormat For(Forecast forecast) => For(forecast.Times.Select(time => (DateTime?)time));

    public string Write(DateTime time) => time.ToString(IsDaily ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static TimeFormat For(IEnumerable<DateTime?> times) => new(times.All(time => time is null || time.Value.TimeOfDay == TimeSpan.Zero));
}
