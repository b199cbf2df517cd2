namespace Engram.Data;

/// <summary>
/// A time stamp as it was written: its numbers, before it is decided in which order day, month and year stand.
/// Reads ISO 8601 and the usual other ways: <c>2024-01-02T03:04:05.678+08:00</c>, <c>2024/1/2 3:04 PM</c>, <c>2.1.2024</c>,
/// <c>1/2/24</c>, <c>20240102</c>, <c>20240102 030405</c>, <c>1949-01</c>, <c>2024-Q1</c>, <c>2 Jan 2024</c>, <c>Jan 2, 2024</c>,
/// <c>2024年1月2日 3时4分</c>; full-width digits too.
/// </summary>
internal readonly record struct TimeText
{
    private const int LongestText = 64;

    /// <summary>The first, second and third number of the date as written; where <see cref="IsOrdered"/>, year, month and day.</summary>
    private readonly int _first, _second, _third;

    /// <summary>Time after the start of the day.</summary>
    private readonly TimeSpan _clock;

    /// <summary>How far the zone of the stamp is ahead of UTC; null where it names none.</summary>
    private readonly TimeSpan? _zone;

    private TimeText(int first, int second, int third, bool isOrdered, char mark, bool hasShortYear, TimeSpan clock, TimeSpan? zone)
    {
        (_first, _second, _third, IsOrdered, Mark, HasShortYear, _clock, _zone) = (first, second, third, isOrdered, mark, hasShortYear, clock, zone);
    }

    /// <summary>Whether the way it is written leaves no doubt which number is the day, the month and the year.</summary>
    public bool IsOrdered { get; }

    /// <summary>What stands between the numbers of the date: <c>/</c>, <c>.</c>, <c>-</c>.</summary>
    public char Mark { get; }

    /// <summary>Whether the year has two digits: 70 to 99 are 1970 to 1999, 00 to 69 are 2000 to 2069.</summary>
    public bool HasShortYear { get; }

    /// <summary>Whether it names its zone, and so was converted to UTC.</summary>
    public bool HasZone => _zone is not null;

    /// <summary>Reads the text of a cell, UTF-8.</summary>
    public static bool TryRead(ReadOnlySpan<byte> cell, out TimeText time)
    {
        Span<char> text = stackalloc char[LongestText];
        time = default;
        // Every form has a digit and at least six characters, or four of them Chinese.
        return cell.Length is >= 6 and <= LongestText
            && System.Text.Encoding.UTF8.TryGetChars(cell, text, out int length)
            && TryRead(text[..length], out time);
    }

    /// <summary>Reads a text; full-width characters in it are replaced by their plain twins.</summary>
    public static bool TryRead(Span<char> text, out TimeText time)
    {
        time = default;
        foreach (ref char c in text)
        {
            // U+FF01 … U+FF5E are the full-width twins of the printable ASCII characters.
            c = c switch { >= '\uFF01' and <= '\uFF5E' => (char)(c - 0xFEE0), '\u3000' or '\u00A0' or '\u202F' => ' ', _ => c };
        }
        TimeCursor cursor = new(text.Trim());
        if (!DateGrammar.TryRead(ref cursor, out DateNumbers date) || !ClockGrammar.TryRead(ref cursor, ref date, out TimeSpan clock, out TimeSpan? zone) || !cursor.IsAtEnd)
        {
            return false;
        }
        time = new TimeText(date.First, date.Second, date.Third, date.IsOrdered, date.Mark, date.HasShortYear, clock, zone);
        return time.IsPossible;
    }

    /// <summary>The stamp, in UTC if it names a zone, when its numbers are taken in an order.</summary>
    /// <returns>False where there is no such day: month 13, 30 February.</returns>
    public bool TryGet(DateOrder order, out DateTime time)
    {
        (int year, int month, int day) = IsOrdered || (order == DateOrder.YearMonthDay)
            ? (_first, _second, _third)
            : order == DateOrder.MonthDayYear ? (_third, _first, _second) : (_third, _second, _first);
        if (HasShortYear)
        {
            year += year >= 70 ? 1900 : 2000;
        }
        time = default;
        // A three-number date with a four-digit year behind cannot be year-first; years such as 3 are no years.
        if (year is < 1000 or > 9998 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }
        time = new DateTime(year, month, day).Add(_clock) - (_zone ?? TimeSpan.Zero);
        return true;
    }

    /// <summary>Reads a time of day alone: <c>9:30</c>, <c>14:05:06.5</c>, <c>3 PM</c>, <c>9时30分</c>.</summary>
    public static bool TryReadClock(string text, out TimeSpan clock)
    {
        TimeCursor cursor = new(text.Trim());
        return ClockGrammar.TryReadClock(ref cursor, out clock) && cursor.IsAtEnd;
    }

    private bool IsPossible => TryGet(DateOrder.YearMonthDay, out _) || TryGet(DateOrder.MonthDayYear, out _) || TryGet(DateOrder.DayMonthYear, out _);
}

/// <summary>The numbers of a date as they are written, see <see cref="TimeText"/>.</summary>
internal record struct DateNumbers(int First, int Second, int Third, bool IsOrdered, char Mark = '-', bool HasShortYear = false)
{
    /// <summary>Digits of a time of day that were written together with the date: <c>20240102030405</c>; empty (−1) where none were.</summary>
    public int CompactClock { get; init; } = -1;
}
