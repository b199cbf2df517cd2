namespace Engram.Data;

/// <summary>Reads the time of day and the zone of a time stamp, see <see cref="TimeText"/> for the forms.</summary>
internal static class ClockGrammar
{
    /// <summary>What may follow a date: nothing, or a time of day with or without a zone.</summary>
    public static bool TryRead(ref TimeCursor cursor, ref DateNumbers date, out TimeSpan clock, out TimeSpan? zone)
    {
        clock = TimeSpan.Zero;
        zone = null;
        if (date.CompactClock >= 0)
        {
            int digits = date.CompactClock;
            return TryMake(digits / 10_000, digits / 100 % 100, digits % 100, out clock) && TryReadZone(ref cursor, out zone);
        }
        DateGrammar.SkipChineseWeekday(ref cursor);
        if (cursor.IsAtEnd)
        {
            return true;
        }
        cursor.TryMark(",");
        cursor.SkipSpaces();
        cursor.TryMark("Tt_:");
        return (TryCompact(ref cursor, out clock) || TryReadClock(ref cursor, out clock)) && TryReadZone(ref cursor, out zone);
    }

    /// <summary>9:30, 09:30:15.25, 9 PM, 下午3:04, 9时30分15秒.</summary>
    public static bool TryReadClock(ref TimeCursor cursor, out TimeSpan clock)
    {
        clock = TimeSpan.Zero;
        char half = ReadHalf(ref cursor);
        cursor.SkipSpaces();
        if (!cursor.TryNumber(1, 2, out int hour))
        {
            return false;
        }
        bool marked = cursor.TryMark(":时時点點hH", out char mark);
        int minute = 0, second = 0;
        long fraction = 0;
        if (marked && cursor.TryNumber(1, 2, out minute))
        {
            if (cursor.TryMark(mark == ':' ? ":" : "分:") && cursor.TryNumber(1, 2, out second))
            {
                fraction = ReadFraction(ref cursor);
                cursor.TryMark("秒");
            }
        }
        else if (marked && mark == ':')
        {
            return false;
        }
        cursor.SkipSpaces();
        half = half == '\0' ? ReadHalf(ref cursor) : half;
        if (half != '\0')
        {
            if (hour is < 1 or > 12)
            {
                return false;
            }
            hour = (hour % 12) + (half == 'p' ? 12 : 0);
        }
        bool made = TryMake(hour, minute, second, out clock);
        clock += TimeSpan.FromTicks(fraction);
        return made && (marked || half != '\0');
    }

    /// <summary>T0304, T030405, T030405.678.</summary>
    private static bool TryCompact(ref TimeCursor cursor, out TimeSpan clock)
    {
        clock = TimeSpan.Zero;
        int start = cursor.Position;
        if (cursor.TryNumber(out long number, out int digits) && digits is 4 or 6)
        {
            int parts = (int)(digits == 4 ? number * 100 : number);
            if (TryMake(parts / 10_000, parts / 100 % 100, parts % 100, out clock))
            {
                clock += TimeSpan.FromTicks(ReadFraction(ref cursor));
                return true;
            }
        }
        cursor.Position = start;
        return false;
    }

    /// <summary>The digits behind the seconds, in ticks of 100 ns; further digits are cut off.</summary>
    private static long ReadFraction(ref TimeCursor cursor)
    {
        int start = cursor.Position;
        if (!cursor.TryMark(".,") || !char.IsAsciiDigit(cursor.Next))
        {
            cursor.Position = start;
            return 0;
        }
        long ticks = 0;
        for (long unit = TimeSpan.TicksPerSecond / 10; char.IsAsciiDigit(cursor.Next); unit /= 10)
        {
            ticks += unit * (cursor.Next - '0');
            cursor.Position++;
        }
        return ticks;
    }

    /// <summary>Z, UTC, GMT, +08:00, -0530, +8; or nothing.</summary>
    private static bool TryReadZone(ref TimeCursor cursor, out TimeSpan? zone)
    {
        zone = null;
        cursor.SkipSpaces();
        bool named = cursor.TryText("UTC") || cursor.TryText("GMT") || cursor.TryText("Z");
        zone = named ? TimeSpan.Zero : null;
        if (cursor.IsAtEnd || !cursor.TryMark("+-−", out char sign))
        {
            return cursor.IsAtEnd;
        }
        if (!cursor.TryNumber(out long number, out int digits) || digits > 4)
        {
            return false;
        }
        int minutes = 0;
        int hours = (int)(digits > 2 ? number / 100 : number);
        minutes = digits > 2 ? (int)(number % 100) : cursor.TryMark(":") && cursor.TryNumber(2, 2, out minutes) ? minutes : 0;
        TimeSpan ahead = new(hours, minutes, 0);
        zone = sign == '+' ? ahead : -ahead;
        return hours <= 14 && minutes < 60;
    }

    private static char ReadHalf(ref TimeCursor cursor)
    {
        if (cursor.TryText("上午") || cursor.TryText("AM") || cursor.TryText("a.m."))
        {
            return 'a';
        }
        return cursor.TryText("下午") || cursor.TryText("PM") || cursor.TryText("p.m.") ? 'p' : '\0';
    }

    /// <summary>Hour 24 is the end of the day, second 60 a leap second.</summary>
    private static bool TryMake(int hour, int minute, int second, out TimeSpan clock)
    {
        clock = new TimeSpan(hour, minute, second);
        return hour is >= 0 and <= 24 && minute is >= 0 and <= 59 && second is >= 0 and <= 60 && (hour < 24 || minute + second == 0);
    }
}
