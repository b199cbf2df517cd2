namespace Engram.Data;

/// <summary>
/// What a series is made of, so that another table can be made into the same features: kept in the model file, and given to
/// <see cref="SeriesData.FromTable(Table, SeriesSchema)"/> when predicting. Plain values, for JSON.
/// </summary>
public sealed record SeriesSchema
{
    /// <summary>The features in their order; the first is the target.</summary>
    public required IReadOnlyList<SeriesFeature> Features { get; init; }

    /// <summary>The columns that hold the time, see <see cref="SeriesOptions.Time"/>; empty where there is none.</summary>
    public required IReadOnlyList<string> TimeColumns { get; init; }

    /// <summary>The step between rows.</summary>
    public required TimeStep Step { get; init; }

    /// <summary>The longest run of missing rows or values that is filled, see <see cref="SeriesOptions.MaximumGap"/>.</summary>
    public required int MaximumGap { get; init; }

    /// <summary>How the files were read, for <see cref="CsvOptions.Like"/>; null for data that were in memory.</summary>
    public CsvReading? Reading { get; init; }
}

/// <summary>One feature of a series: a column of numbers, or whether a column of words holds a certain word.</summary>
/// <param name="Column">The table's column.</param>
/// <param name="Level">The word for which the feature is 1, for all others 0; null for a column of numbers.</param>
public sealed record SeriesFeature(string Column, string? Level = null)
{
    /// <summary>A name for messages and pictures: <c>TEMP</c>, <c>cbwd=NW</c>.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Name => Level is null ? Column : $"{Column}={Level}";
}
