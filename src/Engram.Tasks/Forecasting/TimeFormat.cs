using System.Globalization;
using Engram.Data;

namespace Engram.Tasks;

/// <summary>How times are written: the day alone where steps are whole days or follow no rule, and all of them are midnights. It depends on the step, so that an hourly forecast of midnight has its hour.</summary>
internal readonly record struct TimeFormat(bool IsDaily)
{
    public static TimeFormat For(ForecastRows rows) => For(rows.Step, rows.Select(row => row.Time));

    public static TimeFormat For(Forecast forecast) => For(forecast.Step, forecast.Times.Select(time => (DateTime?)time));

    public static TimeFormat For(TimeStep step, IEnumerable<DateTime?> times) =>
        new(step.Span.Ticks % TimeSpan.TicksPerDay == 0 && times.All(time => time is null || time.Value.TimeOfDay == TimeSpan.Zero));

    public string Write(DateTime time) => time.ToString(IsDaily ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
