namespace Engram.Data;

/// <summary>
/// What the stamps of a column tell about the order of day, month and year. One stamp such as 13/1/2012 decides for the whole column.
/// </summary>
internal sealed class TimeEvidence
{
    private readonly long[] _possible = new long[Enum.GetValues<DateOrder>().Length];
    private long _unordered;
    private long _shortYears;
    private char _mark;

    /// <summary>Stamps seen.</summary>
    public long Count { get; private set; }

    /// <summary>Stamps that name a zone.</summary>
    public long Zones { get; private set; }

    public void Add(TimeText time)
    {
        Count++;
        Zones += time.HasZone ? 1 : 0;
        _shortYears += time.HasShortYear ? 1 : 0;
        if (time.IsOrdered)
        {
            return;
        }
        _unordered++;
        _mark = time.Mark;
        for (int order = 0; order < _possible.Length; order++)
        {
            _possible[order] += time.TryGet((DateOrder)order, out _) ? 1 : 0;
        }
    }

    /// <summary>Adds what another part of the column tells.</summary>
    public void Add(TimeEvidence other)
    {
        Count += other.Count;
        Zones += other.Zones;
        _shortYears += other._shortYears;
        _unordered += other._unordered;
        _mark = other._unordered > 0 ? other._mark : _mark;
        for (int order = 0; order < _possible.Length; order++)
        {
            _possible[order] += other._possible[order];
        }
    }

    /// <summary>Whether numbers alone do not tell the order, so that it is assumed.</summary>
    public bool IsAmbiguous => _unordered > 0 && _possible.Count(count => count == _possible.Max()) > 1;

    /// <summary>Whether there are stamps of numbers only, whose order must be known.</summary>
    public bool NeedsOrder => _unordered > 0;

    /// <summary>
    /// The order in which most stamps are days that exist. Where several fit equally well: that of other files of the same data; else day first if points stand between the
    /// numbers (2.1.2012), year first if lines do and the year is short (12-01-02), otherwise month first (1/2/2012).
    /// </summary>
    /// <param name="like">The order in other files of the same data; null where there are none.</param>
    public DateOrder Order(DateOrder? like)
    {
        long most = _possible.Max();
        DateOrder usual = _mark switch
        {
            '.' => DateOrder.DayMonthYear,
            '-' when _shortYears > 0 => DateOrder.YearMonthDay,
            _ => DateOrder.MonthDayYear,
        };
        return like is { } before && _possible[(int)before] == most ? before
            : _possible[(int)usual] == most ? usual
            : (DateOrder)Array.IndexOf(_possible, most);
    }

    /// <summary>What was decided, in sentences.</summary>
    /// <param name="column">The column's name.</param>
    /// <param name="used">The order that is used.</param>
    /// <param name="options">What the user said.</param>
    public IEnumerable<string> Notes(string column, DateOrder used, CsvOptions options)
    {
        if (_unordered > 0 && options.DateOrder is null)
        {
            string order = used switch
            {
                DateOrder.MonthDayYear => "month, day, year",
                DateOrder.DayMonthYear => "day, month, year",
                _ => "year, month, day",
            };
            yield return IsAmbiguous && used == options.Like?.DateOrder ? $"Dates of '{column}' are taken as {order}, as in the data before; nothing in the column tells."
                : IsAmbiguous
                ? $"Dates of '{column}' are taken as {order}; nothing in the column tells: name the order (--date-order) if that is wrong."
                : $"Dates of '{column}' are {order}.";
        }
        if (_shortYears > 0)
        {
            yield return $"Years of '{column}' have two digits: 70 to 99 are taken as 1970 to 1999, 00 to 69 as 2000 to 2069.";
        }
        if (Zones > 0)
        {
            yield return Zones == Count
                ? $"Times of '{column}' name their zone and were converted to UTC."
                : $"Times of '{column}' that name their zone ({Zones} of {Count}) were converted to UTC; the others are taken as UTC.";
        }
    }
}
