using System.Globalization;

namespace Engram.Data;

/// <summary>Reads a column of numbers as times: 20240102, 202401020304, 2024, seconds or milliseconds since 1970.</summary>
internal static class NumericTime
{
    private const double FirstYear = 1000, LastYear = 2999;

    /// <summary>Whether all numbers are dates such as 20240102, between 1800 and 2199.</summary>
    public static bool IsCompactDates(NumberColumn column) => All(column, value => value is >= 18000101 and <= 21991231 && TryCompact(value, out _));

    /// <summary>Whether all numbers are whole years.</summary>
    public static bool IsYears(NumberColumn column) => All(column, value => value is >= FirstYear and <= LastYear && value == Math.Floor(value));

    /// <summary>Whether all numbers are whole, rise, and are seconds or milliseconds of the years 1990 to 2100: likely times, but only the user can say so.</summary>
    public static bool LookLikeStamps(NumberColumn column)
    {
        double last = 0;
        return All(column, value =>
        {
            bool rises = value > last;
            last = value;
            return rises && value == Math.Floor(value) && value is (>= 6.3e8 and <= 4.2e9) or (>= 6.3e11 and <= 4.2e12);
        });
    }

    /// <summary>Converts a column that the user named, or that was found to be dates or years.</summary>
    public static TimeColumn Convert(NumberColumn column, out IReadOnlyList<string> notes)
    {
        (TryConvert convert, string meaning) =
            All(column, value => TryCompact(value, out _)) ? (TryCompact, "dates written without marks")
            : IsYears(column) ? (TryYear, "years")
            : All(column, value => Math.Abs(value) is > 1e8 and < 1e11) ? (TrySeconds, "seconds since 1970, UTC")
            : All(column, value => Math.Abs(value) is >= 1e11 and < 1e14) ? ((TryConvert)TryMilliseconds, "milliseconds since 1970, UTC")
            : (TryCompact, "dates written without marks");
        notes = [$"The numbers of '{column.Name}' are taken as {meaning}."];
        DateTime[] values = new DateTime[column.RowCount];
        ReadOnlySpan<double> numbers = column.Values.Span;
        int first = -1, faults = 0;
        for (int row = 0; row < values.Length; row++)
        {
            if (!double.IsNaN(numbers[row]) && !convert(numbers[row], out values[row]))
            {
                first = faults++ == 0 ? row : first;
            }
        }
        CellFaults? found = faults == 0 ? null : new CellFaults(null, first + 1, numbers[first].ToString(CultureInfo.InvariantCulture), faults);
        return new TimeColumn(column.Name, values, column.Faults ?? found);
    }

    private delegate bool TryConvert(double value, out DateTime time);

    private static bool TryCompact(double value, out DateTime time)
    {
        time = default;
        if (value is < 10000101 or > 99991231235959 || value != Math.Floor(value))
        {
            return false;
        }
        Span<char> text = stackalloc char[24];
        ((long)value).TryFormat(text, out int length, default, CultureInfo.InvariantCulture);
        return TimeText.TryRead(text[..length], out TimeText stamp) && stamp.TryGet(DateOrder.YearMonthDay, out time);
    }

    private static bool TryYear(double value, out DateTime time)
    {
        time = new DateTime((int)value, 1, 1);
        return true;
    }

    private static bool TrySeconds(double value, out DateTime time) => TrySince1970(value * TimeSpan.TicksPerSecond, out time);

    private static bool TryMilliseconds(double value, out DateTime time) => TrySince1970(value * TimeSpan.TicksPerMillisecond, out time);

    /// <summary>False before the year 1 and after 9999.</summary>
    private static bool TrySince1970(double ticks, out DateTime time)
    {
        long all = (long)Math.Round(ticks) + DateTime.UnixEpoch.Ticks;
        bool exists = all >= DateTime.MinValue.Ticks && all <= DateTime.MaxValue.Ticks;
        time = exists ? new DateTime(all) : default;
        return exists;
    }

    /// <summary>Whether a column has numbers, and all of them meet a condition.</summary>
    private static bool All(NumberColumn column, Func<double, bool> condition)
    {
        bool any = false;
        foreach (double value in column.Values.Span)
        {
            if (double.IsNaN(value))
            {
                continue;
            }
            if (!condition(value))
            {
                return false;
            }
            any = true;
        }
        return any && column.Faults is null;
    }
}
