namespace Engram.Data;

public sealed partial record TimeStep
{
    /// <summary>A rule must explain this share of the gaps, whole multiples (missing steps) included.</summary>
    private const double ExplainedShare = 0.9;

    /// <summary>Gaps looked at: enough to be sure, few enough to be quick.</summary>
    private const int GapsLookedAt = 100_000;

    /// <summary>
    /// Finds the rule behind time stamps. Whole months are tried first (all stamps on one day of the month, at its end, or in its first
    /// days), then the commonest span between neighbours: it must be at least half of the gaps, and nine tenths must be whole multiples
    /// of it. A daily series that leaves out every weekend is business-daily.
    /// </summary>
    /// <param name="times">Stamps in ascending order, none twice.</param>
    /// <returns>The rule; <see cref="None"/> where fewer than two stamps are given or none fits.</returns>
    public static TimeStep Infer(ReadOnlySpan<DateTime> times)
    {
        if (times.Length < 2)
        {
            return None;
        }
        List<(DateTime Earlier, DateTime Later)> gaps = [];
        int stride = Math.Max(1, (times.Length - 1) / GapsLookedAt);
        for (int i = 0; i + 1 < times.Length; i += stride)
        {
            gaps.Add((times[i], times[i + 1]));
        }
        return InferMonths(gaps) ?? InferSpan(gaps);
    }

    private static TimeStep? InferMonths(List<(DateTime Earlier, DateTime Later)> gaps)
    {
        (int months, double share) = Commonest(gaps.Select(gap => MonthNumber(gap.Later) - MonthNumber(gap.Earlier)), (gap, step) => step > 0 && gap % step == 0);
        if (months == 0 || share < ExplainedShare)
        {
            return null;
        }
        List<DateTime> stamps = [.. gaps.Select(gap => gap.Earlier), gaps[^1].Later];
        if (stamps.TrueForAll(time => time.Day == LastDay(time)))
        {
            return EveryMonths(months, EndOfMonth);
        }
        int longest = stamps.Max(time => time.Day);
        if (stamps.TrueForAll(time => time.Day == Math.Min(longest, LastDay(time))))
        {
            return EveryMonths(months, longest);
        }
        // The last or first working day of the month moves by a few days.
        if (stamps.TrueForAll(time => time.Day >= LastDay(time) - 4))
        {
            return EveryMonths(months, EndOfMonth);
        }
        if (stamps.TrueForAll(time => time.Day <= 5))
        {
            return EveryMonths(months);
        }
        (int usual, double onUsual) = Commonest(stamps.Select(time => time.Day), (day, mode) => day == mode);
        return onUsual >= ExplainedShare ? EveryMonths(months, usual) : null;
    }

    private static int LastDay(DateTime time) => DateTime.DaysInMonth(time.Year, time.Month);

    private static TimeStep InferSpan(List<(DateTime Earlier, DateTime Later)> gaps)
    {
        (long span, double share) = Commonest(gaps.Select(gap => (gap.Later - gap.Earlier).Ticks), (gap, step) => step > 0 && gap % step == 0);
        if (span <= 0 || share < ExplainedShare)
        {
            return None;
        }
        bool leavesWeekendsOut = span == TimeSpan.TicksPerDay
            && gaps.TrueForAll(gap => !IsWeekend(gap.Earlier) && !IsWeekend(gap.Later))
            && gaps.Exists(gap => gap.Later.DayOfWeek < gap.Earlier.DayOfWeek);
        return leavesWeekendsOut ? BusinessDaily : Every(TimeSpan.FromTicks(span));
    }

    /// <summary>The commonest value, 0 unless it is at least half of them, and the share of values that it explains.</summary>
    private static (T Value, double Share) Commonest<T>(IEnumerable<T> values, Func<T, T, bool> explains)
        where T : struct
    {
        (T mode, int most) = values.CountBy(value => value).Select(pair => (pair.Key, pair.Value)).MaxBy(pair => pair.Value);
        int count = values.Count();
        return 2 * most < count ? default : (mode, values.Count(value => explains(value, mode)) / (double)count);
    }

    private static bool IsWeekend(DateTime time) => time.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
}
