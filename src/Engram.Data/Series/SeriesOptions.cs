namespace Engram.Data;

/// <summary>Which columns of a table make a series, and how its gaps are handled.</summary>
public sealed record SeriesOptions
{
    /// <summary>The column to predict; numbers. Its own past is always a feature.</summary>
    public required string Target { get; init; }

    /// <summary>
    /// Further columns to predict from: numbers, or words, which become one column of 0 and 1 for each different word. Default: none.
    /// </summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>
    /// The columns that hold the time: one, or several of year, month, day, hour, minute and second, or a date and its time of day.
    /// Null (default): found (see <see cref="TimeIndex.Find"/>). Empty: there is none, and rows are taken in their order.
    /// </summary>
    public IReadOnlyList<string>? Time { get; init; }

    /// <summary>
    /// The longest run of missing rows or values that is filled with the value before it, in rows, 0 or more. Longer ones split the series.
    /// Default: one season (<see cref="TimeStep.DefaultSeason"/>), or 24 where there is none.
    /// </summary>
    public int? MaximumGap { get; init; }
}
