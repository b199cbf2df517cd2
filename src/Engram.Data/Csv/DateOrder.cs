namespace Engram.Data;

/// <summary>The order of day, month and year in dates written with numbers only, such as 1/3/2012.</summary>
public enum DateOrder
{
    /// <summary>Year, month, day: 2012/1/3, 12-01-03.</summary>
    YearMonthDay,

    /// <summary>Month, day, year: 1/3/2012 is the third of January.</summary>
    MonthDayYear,

    /// <summary>Day, month, year: 1/3/2012 is the first of March.</summary>
    DayMonthYear,
}
