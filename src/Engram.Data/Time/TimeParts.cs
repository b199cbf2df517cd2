using System.Globalization;

namespace Engram.Data;

/// <summary>The columns that together hold a time: a year, month, day …, or a date and its time of day.</summary>
internal sealed class TimeParts
{
    private static readonly string[][] _names =
    [
        ["year", "yr", "yyyy", "年", "年份", "年度"],
        ["month", "mon", "月", "月份"],
        ["day", "dayofmonth", "mday", "日", "日期", "天"],
        ["hour", "hr", "hh", "时", "時", "小时", "时刻"],
        ["minute", "minutes", "分", "分钟"],
        ["second", "seconds", "秒"],
    ];

    /// <summary>Columns of year, month, day, hour, minute, second; null where there is none.</summary>
    private readonly NumberColumn?[] _parts = new NumberColumn?[_names.Length];

    /// <summary>A column of whole dates, in place of year, month and day.</summary>
    private TimeColumn? _date;

    /// <summary>A column of times of day, in place of hour, minute and second.</summary>
    private TextColumn? _clock;

    private TimeSpan?[] _clockOfLevel = [];

    private TimeParts()
    {
    }

    public NumberColumn? Year => _parts[0];

    public NumberColumn? Month => _parts[1];

    /// <summary>All columns used, largest unit first.</summary>
    public IReadOnlyList<Column> Columns => [.. new Column?[] { _date }.Concat(_parts).Append(_clock).OfType<Column>()];

    /// <summary>Finds the parts by their names. A smaller unit counts only where the next larger is there.</summary>
    public static TimeParts Find(IReadOnlyList<Column> columns)
    {
        TimeParts parts = new();
        for (int unit = 0; unit < _names.Length; unit++)
        {
            parts._parts[unit] = columns.OfType<NumberColumn>().FirstOrDefault(column => column.Faults is null && UnitOf(column) == unit);
            if (parts._parts[unit] is null)
            {
                break;
            }
        }
        return parts;
    }

    /// <summary>Gives each column that the user named its part.</summary>
    /// <exception cref="DataException">A column cannot be a part of a time.</exception>
    public static TimeParts Assign(IReadOnlyList<Column> columns)
    {
        TimeParts parts = new();
        bool byName = columns.All(column => UnitOf(column) >= 0);
        int unit = 0;
        foreach (Column column in columns)
        {
            switch (column)
            {
                case NumberColumn { Faults: null } numbers when unit == 0 && !byName && NumericTime.IsCompactDates(numbers):
                    parts._date = NumericTime.Convert(numbers, out _);
                    unit = 3;
                    break;
                case NumberColumn { Faults: null } numbers:
                    unit = byName ? UnitOf(column) : unit;
                    if (unit >= _names.Length)
                    {
                        throw Unusable(column);
                    }
                    parts._parts[unit++] = numbers;
                    break;
                case TimeColumn { Faults: null } dates when unit == 0:
                    parts._date = dates;
                    unit = 3;
                    break;
                case TextColumn words when unit == 3:
                    parts._clock = words;
                    parts._clockOfLevel = [.. words.Levels.Select(level => TimeText.TryReadClock(level, out TimeSpan clock) ? clock : (TimeSpan?)null)];
                    unit = _names.Length;
                    break;
                default:
                    throw Unusable(column);
            }
        }
        return parts._date is not null || parts.Year is not null ? parts : throw Unusable(columns[0]);
    }

    /// <summary>The time of a row; <see cref="DateTime.MinValue"/> where a part is missing. False where there is no such time.</summary>
    public bool TryGet(int row, out DateTime time)
    {
        time = DateTime.MinValue;
        Span<int> numbers = [1, 1, 1, 0, 0, 0];
        for (int unit = 0; unit < numbers.Length; unit++)
        {
            if (_parts[unit] is not { } column)
            {
                continue;
            }
            double value = column.Values.Span[row];
            if (double.IsNaN(value))
            {
                return true;
            }
            if (value != Math.Floor(value) || Math.Abs(value) > 9999)
            {
                return false;
            }
            numbers[unit] = (int)value;
        }
        TimeSpan clock = default;
        if (_clock is not null)
        {
            int code = _clock.Codes.Span[row];
            if (code < 0)
            {
                return true;
            }
            if (_clockOfLevel[code] is not { } read)
            {
                return false;
            }
            clock = read;
        }
        return TryPutTogether(row, numbers, clock, out time);
    }

    /// <summary>A row's cells, for messages: <c>year 2010, month 13</c>.</summary>
    public string Describe(int row) => string.Join(", ", Columns.Select(column => column.Name + " " + (column switch
    {
        NumberColumn numbers => numbers.Values.Span[row].ToString(CultureInfo.InvariantCulture),
        TextColumn words => words[row],
        TimeColumn times => times.Values.Span[row].ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        _ => "",
    })));

    private bool TryPutTogether(int row, ReadOnlySpan<int> numbers, TimeSpan clock, out DateTime time)
    {
        (int year, int month, int day, int hour, int minute, int second) = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
        time = DateTime.MinValue;
        if (_date is not null)
        {
            DateTime date = _date.Values.Span[row];
            if (date == DateTime.MinValue)
            {
                return true;
            }
            (year, month, day) = date.Date;
        }
        // Hour 24 is the end of the day.
        if (year is < 1 or > 9998 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)
            || hour is < 0 or > 24 || minute is < 0 or > 59 || second is < 0 or > 60)
        {
            return false;
        }
        time = new DateTime(year, month, day).AddHours(hour).AddMinutes(minute).AddSeconds(second).Add(clock);
        return true;
    }

    private static int UnitOf(Column column)
    {
        string name = new([.. column.Name.ToLowerInvariant().Where(char.IsLetter)]);
        return Array.FindIndex(_names, names => names.Contains(name));
    }

    private static DataException Unusable(Column column) => new(
        $"Column '{column.Name}' holds {column.Holds} and cannot be that part of a time. Name one column of times, the columns year, month, day, hour, minute, second, or a date and its time of day.",
        column: column.Name);
}
