namespace Engram.Data;

/// <summary>Reads the date of a time stamp, see <see cref="TimeText"/> for the forms.</summary>
internal static class DateGrammar
{
    private static readonly string[] _months = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];
    private static readonly string[] _days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    public static bool TryRead(ref TimeCursor cursor, out DateNumbers date)
    {
        SkipWeekday(ref cursor);
        int start = cursor.Position;
        if (TryMonthName(ref cursor, out int month))
        {
            return TryAfterMonthName(ref cursor, month, out date);
        }
        cursor.Position = start;
        if (cursor.TryMark("Qq"))
        {
            return TryAfterQuarterSign(ref cursor, out date);
        }
        date = default;
        return cursor.TryNumber(out long number, out int digits) && digits switch
        {
            4 => TryAfterYear(ref cursor, (int)number, out date),
            8 or 10 or 12 or 14 => TryCompact(number, digits, out date),
            1 or 2 => TryAfterShortNumber(ref cursor, (int)number, out date),
            _ => false,
        };
    }

    /// <summary>2024-01-02, 2024年1月2日, 2024-01, 2024年1月, 2024-Jan-02, 2024Q1.</summary>
    private static bool TryAfterYear(ref TimeCursor cursor, int year, out DateNumbers date)
    {
        date = default;
        cursor.SkipSpaces();
        bool marked = cursor.TryMark("-/.年", out char mark);
        cursor.SkipSpaces();
        if (cursor.TryMark("Qq"))
        {
            bool quarter = cursor.TryNumber(1, 1, out int q) && q is >= 1 and <= 4;
            date = new DateNumbers(year, (3 * q) - 2, 1, IsOrdered: true);
            return quarter;
        }
        int start = cursor.Position;
        if (TryMonthName(ref cursor, out int month))
        {
            date = new DateNumbers(year, month, 1, IsOrdered: true);
            return !cursor.TryMark("-/ .") || TryDay(ref cursor, ref date);
        }
        cursor.Position = start;
        if (!marked || !cursor.TryNumber(1, 2, out month))
        {
            return false;
        }
        date = new DateNumbers(year, month, 1, IsOrdered: true);
        cursor.SkipSpaces();
        if (mark == '年')
        {
            return cursor.TryMark("月") && (!HasDigitAhead(ref cursor) || TryChineseDay(ref cursor, ref date));
        }
        return !cursor.TryMark([mark]) || TryDay(ref cursor, ref date);
    }

    /// <summary>Q1 2024, Q1/2024.</summary>
    private static bool TryAfterQuarterSign(ref TimeCursor cursor, out DateNumbers date)
    {
        bool found = cursor.TryNumber(1, 1, out int quarter) && quarter is >= 1 and <= 4;
        cursor.SkipSpaces();
        cursor.TryMark("-/");
        found &= cursor.TryNumber(4, 4, out int year);
        date = new DateNumbers(year, (3 * quarter) - 2, 1, IsOrdered: true);
        return found;
    }

    /// <summary>1/2/2024, 2.1.2024, 2-1-24, 01/2024, 2 Jan 2024, 2-Jan-24.</summary>
    private static bool TryAfterShortNumber(ref TimeCursor cursor, int first, out DateNumbers date)
    {
        date = default;
        cursor.TryText(OrdinalEnding(first));
        bool marked = cursor.TryMark("-/. ", out char mark);
        cursor.SkipSpaces();
        int start = cursor.Position;
        if (TryMonthName(ref cursor, out int month))
        {
            while (cursor.TryMark("-/., "))
            {
            }
            return TryYear(ref cursor, out int namedYear, out bool isShort) && Ordered(namedYear, month, first, isShort, out date);
        }
        cursor.Position = start;
        if (!marked || !cursor.TryNumber(out long second, out int secondDigits))
        {
            return false;
        }
        if (secondDigits == 4)
        {
            date = new DateNumbers((int)second, first, 1, IsOrdered: true, mark);
            return mark != ' ';
        }
        if (secondDigits > 2 || !cursor.TryMark([mark]))
        {
            return false;
        }
        cursor.SkipSpaces();
        if (!TryYear(ref cursor, out int third, out bool hasShortYear) || mark == ' ')
        {
            return false;
        }
        date = new DateNumbers(first, (int)second, third, IsOrdered: false, mark, hasShortYear);
        return true;
    }

    /// <summary>Jan 2, 2024; Jan 2024; Jan-24.</summary>
    private static bool TryAfterMonthName(ref TimeCursor cursor, int month, out DateNumbers date)
    {
        date = default;
        while (cursor.TryMark("-/., '"))
        {
        }
        if (!cursor.TryNumber(out long number, out int digits))
        {
            return false;
        }
        if (digits == 4)
        {
            return Ordered((int)number, month, 1, false, out date);
        }
        if (digits > 2)
        {
            return false;
        }
        cursor.TryText(OrdinalEnding((int)number));
        int start = cursor.Position;
        while (cursor.TryMark("-/., "))
        {
        }
        if (TryYear(ref cursor, out int year, out bool isShort) && cursor.Next != ':')
        {
            return Ordered(year, month, (int)number, isShort, out date);
        }
        cursor.Position = start;
        return digits == 2 && Ordered((int)number, month, 1, true, out date);
    }

    /// <summary>20240102, 2024010203, 202401020304, 20240102030405.</summary>
    private static bool TryCompact(long number, int digits, out DateNumbers date)
    {
        long clock = digits switch { 10 => number % 100 * 10_000, 12 => number % 10_000 * 100, 14 => number % 1_000_000, _ => -1 };
        long day = digits switch { 10 => number / 100, 12 => number / 10_000, 14 => number / 1_000_000, _ => number };
        date = new DateNumbers((int)(day / 10_000), (int)(day / 100 % 100), (int)(day % 100), IsOrdered: true) { CompactClock = (int)clock };
        return true;
    }

    private static bool Ordered(int year, int month, int day, bool hasShortYear, out DateNumbers date)
    {
        date = new DateNumbers(year, month, day, IsOrdered: true, HasShortYear: hasShortYear);
        return true;
    }

    private static bool TryDay(ref TimeCursor cursor, ref DateNumbers date)
    {
        cursor.SkipSpaces();
        bool found = cursor.TryNumber(1, 2, out int day);
        date = date with { Third = day };
        return found;
    }

    private static bool TryChineseDay(ref TimeCursor cursor, ref DateNumbers date)
    {
        bool found = TryDay(ref cursor, ref date);
        cursor.SkipSpaces();
        return found && cursor.TryMark("日号");
    }

    private static bool TryYear(ref TimeCursor cursor, out int year, out bool isShort)
    {
        bool found = cursor.TryNumber(out long number, out int digits) && digits is 2 or 4;
        year = (int)number;
        isShort = digits == 2;
        return found;
    }

    private static bool HasDigitAhead(ref TimeCursor cursor)
    {
        cursor.SkipSpaces();
        return char.IsAsciiDigit(cursor.Next);
    }

    private static void SkipWeekday(ref TimeCursor cursor)
    {
        int start = cursor.Position;
        if (cursor.TryWord(out ReadOnlySpan<char> word) && IndexOf(_days, word) >= 0)
        {
            while (cursor.TryMark("., "))
            {
            }
            return;
        }
        cursor.Position = start;
    }

    private static bool TryMonthName(ref TimeCursor cursor, out int month)
    {
        month = cursor.TryWord(out ReadOnlySpan<char> word) ? IndexOf(_months, word) + 1 : 0;
        return month > 0;
    }

    /// <summary>The name that the word is, or begins in three letters or more.</summary>
    private static int IndexOf(string[] names, ReadOnlySpan<char> word)
    {
        for (int i = 0; i < names.Length && word.Length >= 3; i++)
        {
            if (names[i].AsSpan().StartsWith(word, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }
        return -1;
    }

    private static string OrdinalEnding(int number) => (number % 10, number) switch
    {
        (_, 11 or 12 or 13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };

    /// <summary>星期二, 周二, behind a Chinese date.</summary>
    public static void SkipChineseWeekday(ref TimeCursor cursor)
    {
        cursor.SkipSpaces();
        if (cursor.TryText("星期") || cursor.TryText("周"))
        {
            cursor.TryMark("一二三四五六日天");
        }
    }
}
