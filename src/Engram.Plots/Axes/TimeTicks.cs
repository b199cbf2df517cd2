using System.Globalization;

namespace Engram.Plots.Axes;

/// <summary>
/// Marks of a time axis at the starts of seconds, minutes, hours, days, months or years, written as ISO 8601 writes them: a day is
/// 2016-03-29 to every reader.
/// </summary>
internal static class TimeTicks
{
    private const string Second = "HH:mm:ss";
    private const string Minute = "MM-dd HH:mm";
    private const string Day = "yyyy-MM-dd";

    private const double SecondsPerMonth = 30.4 * 86_400;

    private static readonly (TimeSpan Step, string Format)[] Fixed =
    [
        (TimeSpan.FromSeconds(1), Second), (TimeSpan.FromSeconds(5), Second), (TimeSpan.FromSeconds(15), Second),
        (TimeSpan.FromMinutes(1), Minute), (TimeSpan.FromMinutes(5), Minute), (TimeSpan.FromMinutes(15), Minute),
        (TimeSpan.FromHours(1), Minute), (TimeSpan.FromHours(3), Minute), (TimeSpan.FromHours(6), Minute), (TimeSpan.FromHours(12), Minute),
        (TimeSpan.FromDays(1), Day), (TimeSpan.FromDays(2), Day), (TimeSpan.FromDays(7), Day), (TimeSpan.FromDays(14), Day),
    ];

    private static readonly int[] Months = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000, 12000, 60000];

    /// <summary>The starts of round spans of time between both ends, at most <paramref name="most"/> of them, or more where labels are shorter than a date.</summary>
    public static IReadOnlyList<(DateTime Time, string Label)> Between(DateTime from, DateTime to, int most)
    {
        double span = (to - from).TotalSeconds;
        foreach ((TimeSpan step, string format) in Fixed)
        {
            if (span / step.TotalSeconds <= Room(most, format))
            {
                return Multiples(from, to, step, format);
            }
        }
        int months = Months.FirstOrDefault(months => span / (months * SecondsPerMonth) <= Room(most, CalendarFormat(months)), Months[^1]);
        return Calendar(from, to, months);
    }

    private static List<(DateTime Time, string Label)> Multiples(DateTime from, DateTime to, TimeSpan step, string format)
    {
        List<(DateTime, string)> ticks = [];
        // The calendar starts on a Monday, so that steps of 7 and 14 days fall on Mondays.
        long first = (from.Ticks + step.Ticks - 1) / step.Ticks * step.Ticks;
        for (long at = first; at <= to.Ticks; at += step.Ticks)
        {
            DateTime time = new(at);
            ticks.Add((time, time.ToString(format, CultureInfo.InvariantCulture)));
        }
        return ticks;
    }

    private static List<(DateTime Time, string Label)> Calendar(DateTime from, DateTime to, int step)
    {
        string format = CalendarFormat(step);
        List<(DateTime, string)> ticks = [];
        // Months since the year 0, which makes years that are multiples of 5 and 10 fall on multiples of the step.
        int month = (from.Year * 12) + from.Month - 1;
        for (int at = month - (month % step); at / 12 <= Math.Min(to.Year, 9999); at += step)
        {
            if (at < 12)
            {
                continue;
            }
            DateTime time = new(at / 12, (at % 12) + 1, 1);
            if (time >= from && time <= to)
            {
                ticks.Add((time, time.ToString(format, CultureInfo.InvariantCulture)));
            }
        }
        return ticks;
    }

    private static string CalendarFormat(int months) => months % 12 == 0 ? "yyyy" : "yyyy-MM";

    private static double Room(int most, string format) => (double)most * Day.Length / Math.Max(format.Length, Day.Length / 2);
}
