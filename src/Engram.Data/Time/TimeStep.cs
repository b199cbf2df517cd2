using System.Text.Json.Serialization;

namespace Engram.Data;

/// <summary>
/// The step of a series from one time stamp to the next: hourly, every 15 minutes, daily, business-daily, monthly … It is found from
/// the stamps (<see cref="Infer"/>), says how long the usual season is, and goes on past the last stamp (<see cref="Next"/>).
/// <see cref="ToString"/> and <see cref="Parse"/> are each other's inverse; JSON holds that text.
/// </summary>
[JsonConverter(typeof(TimeStepJsonConverter))]
public sealed partial record TimeStep
{
    /// <summary>The day that stands for the last of the month, whatever its length.</summary>
    private const int EndOfMonth = 31;

    private TimeStep(TimeStepKind kind, TimeSpan span, int months, int day)
    {
        Kind = kind;
        Span = span;
        Months = months;
        Day = day;
    }

    /// <summary>No times, or times without a rule.</summary>
    public static TimeStep None { get; } = new(TimeStepKind.None, default, 0, 0);

    /// <summary>Every hour.</summary>
    public static TimeStep Hourly { get; } = Every(TimeSpan.FromHours(1));

    /// <summary>Every day.</summary>
    public static TimeStep Daily { get; } = Every(TimeSpan.FromDays(1));

    /// <summary>Monday to Friday.</summary>
    public static TimeStep BusinessDaily { get; } = new(TimeStepKind.BusinessDay, TimeSpan.FromDays(1), 0, 0);

    /// <summary>Every seven days.</summary>
    public static TimeStep Weekly { get; } = Every(TimeSpan.FromDays(7));

    /// <summary>The first of every month.</summary>
    public static TimeStep Monthly { get; } = EveryMonths(1);

    /// <summary>The first of every third month.</summary>
    public static TimeStep Quarterly { get; } = EveryMonths(3);

    /// <summary>Once a year.</summary>
    public static TimeStep Yearly { get; } = EveryMonths(12);

    /// <summary>What kind of rule it is.</summary>
    public TimeStepKind Kind { get; }

    /// <summary>The span of a <see cref="TimeStepKind.Fixed"/> step; one day for business days; zero otherwise.</summary>
    public TimeSpan Span { get; }

    /// <summary>The months of a <see cref="TimeStepKind.Month"/> step; 0 otherwise.</summary>
    public int Months { get; }

    /// <summary>
    /// The day of the month of a <see cref="TimeStepKind.Month"/> step, 1 to 31, taken as the last day where a month is shorter
    /// (so 31 is the end of every month); 0 otherwise.
    /// </summary>
    public int Day { get; }

    /// <summary>Whether there is a rule, so that the stamps after the last can be told.</summary>
    public bool IsRegular => Kind != TimeStepKind.None;

    /// <summary>
    /// The number of steps after which such data usually repeat: 24 for hourly, 7 for daily, 5 for business-daily, 12 for monthly, 4 for quarterly data;
    /// 0 where none is usual.
    /// </summary>
    public int DefaultSeason => this switch
    {
        { Kind: TimeStepKind.BusinessDay } => 5,
        { Kind: TimeStepKind.Month, Months: 1 } => 12,
        { Kind: TimeStepKind.Month, Months: 3 } => 4,
        { Kind: TimeStepKind.Fixed, Span.Ticks: TimeSpan.TicksPerHour } => 24,
        { Kind: TimeStepKind.Fixed, Span.Ticks: TimeSpan.TicksPerDay } => 7,
        _ => 0,
    };

    /// <summary>A step of a fixed span.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The span is not above zero.</exception>
    public static TimeStep Every(TimeSpan span)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(span, TimeSpan.Zero);
        return new(TimeStepKind.Fixed, span, 0, 0);
    }

    /// <summary>A step of whole months.</summary>
    /// <param name="months">Number of months, 1 or more: 3 is quarterly, 12 yearly.</param>
    /// <param name="day">Day of the month, 1 to 31; 31 is the last of every month. Default 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Months below 1, or no such day.</exception>
    public static TimeStep EveryMonths(int months, int day = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(months, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(day, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(day, EndOfMonth);
        return new(TimeStepKind.Month, default, months, day);
    }

    /// <summary>
    /// The time stamps that follow: fixed spans are added; business days skip Saturdays and Sundays (holidays are not known); months
    /// keep their day, or the end of the month. The time of day is kept.
    /// </summary>
    /// <param name="last">The last stamp known.</param>
    /// <param name="count">How many to make, 0 or more; there are fewer where the calendar ends, with the year 9999.</param>
    /// <exception cref="InvalidOperationException">The step is <see cref="None"/>.</exception>
    public DateTime[] Next(DateTime last, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (!IsRegular)
        {
            throw new InvalidOperationException("The times follow no rule, so the stamps after the last are not known.");
        }
        DateTime[] next = new DateTime[count];
        for (int i = 0; i < count; i++)
        {
            try
            {
                next[i] = Kind == TimeStepKind.BusinessDay ? NextBusinessDay(i == 0 ? last : next[i - 1]) : Add(last, i + 1);
            }
            catch (Exception e) when (e is ArgumentOutOfRangeException or OverflowException)
            {
                return next[..i];
            }
        }
        return next;
    }

    /// <summary>The stamp some steps of a fixed or month rule later.</summary>
    internal DateTime Add(DateTime time, int steps)
    {
        if (Kind == TimeStepKind.Fixed)
        {
            return time.AddTicks(checked(Span.Ticks * steps));
        }
        int month = checked(MonthNumber(time) + (steps * Months));
        int year = month / 12;
        int day = Math.Min(Day, DateTime.DaysInMonth(year, (month % 12) + 1));
        return new DateTime(year, (month % 12) + 1, day).Add(time.TimeOfDay);
    }

    /// <summary>
    /// How many steps of a fixed or month rule lie between two stamps, rounded; 1 for business days (whose absent days are holidays)
    /// and without a rule.
    /// </summary>
    internal long StepsBetween(DateTime earlier, DateTime later) => Kind switch
    {
        TimeStepKind.Fixed => Math.Max(1, ((later - earlier).Ticks + (Span.Ticks / 2)) / Span.Ticks),
        TimeStepKind.Month => Math.Max(1, (MonthNumber(later) - MonthNumber(earlier) + (Months / 2)) / Months),
        _ => 1,
    };

    /// <summary>Whether two rules have the same span or number of months, whatever the day of the month.</summary>
    internal bool SameRhythm(TimeStep other) => Kind == other.Kind && Span == other.Span && Months == other.Months;

    /// <summary>Months since the year 0.</summary>
    private static int MonthNumber(DateTime time) => (time.Year * 12) + time.Month - 1;

    private static DateTime NextBusinessDay(DateTime day) => day.DayOfWeek switch
    {
        DayOfWeek.Friday => day.AddDays(3),
        DayOfWeek.Saturday => day.AddDays(2),
        _ => day.AddDays(1),
    };
}
