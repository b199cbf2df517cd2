using System.Text.Json.Serialization;
using Engram.Data;

namespace Engram.Tasks;

/// <summary>
/// A training run of a forecaster that leaves a folder: data files of the same columns, the column to forecast, options, and where results go.
/// The file <c>-</c> alone stands for <see cref="Input"/>.
/// </summary>
public sealed record ForecastRunOptions : RunOptions
{
    /// <summary>
    /// What is read for the file <c>-</c>, from where it stands; it stays open. A copy goes into the run's folder, as
    /// <c>standard-input.csv</c>, so that the run can go on without it. Null, the default: the copy of an earlier run.
    /// </summary>
    [JsonIgnore]
    public Stream? Input { get; init; }

    /// <summary>The column to forecast, whatever its case.</summary>
    public required string Target { get; init; }

    /// <summary>How the files are written; found from them by default.</summary>
    public CsvOptions Csv { get; init; } = new();

    /// <summary>How to train; <see cref="ForecastOptions.TestTable"/> is set from <see cref="RunOptions.TestFile"/>.</summary>
    public ForecastOptions Training { get; init; } = new();

    internal bool ReadsInput => Files is ["-"];

    internal override TrainingOptions Common => Training;

    internal override RunOptions WithFullPaths() => ReadsInput ? base.WithFullPaths() with { Files = Files } : base.WithFullPaths();

    internal override RunOptions Comparable() =>
        (ForecastRunOptions)base.Comparable() with { Training = (ForecastOptions)Training.Comparable() };
}
