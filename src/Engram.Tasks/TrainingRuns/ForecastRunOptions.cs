using Engram.Data;

namespace Engram.Tasks;

/// <summary>A training run that leaves a folder: data files, the column to forecast, options, and where results go.</summary>
public sealed record ForecastRunOptions
{
    /// <summary>The data files, of the same columns, in their order; one or more. <c>-</c> alone stands for <see cref="Input"/>.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>
    /// What is read for the file <c>-</c>, from where it stands; it stays open. A copy goes into the run's folder, as
    /// <c>standard-input.csv</c>, so that the run can go on without it. Null, the default: the copy of an earlier run.
    /// </summary>
    public Stream? Input { get; init; }

    /// <summary>The column to forecast, whatever its case.</summary>
    public required string Target { get; init; }

    /// <summary>The run's folder; made where it does not exist.</summary>
    public required string Output { get; init; }

    /// <summary>A file to score on instead of the newest share of the rows. Null, the default: none.</summary>
    public string? TestFile { get; init; }

    /// <summary>How the files are written; found from them by default.</summary>
    public CsvOptions Csv { get; init; } = new();

    /// <summary>How to train; <see cref="ForecastOptions.TestTable"/> is set from <see cref="TestFile"/>.</summary>
    public ForecastOptions Training { get; init; } = new();

    /// <summary>Whether a run that the folder holds is replaced. False by default: it is refused.</summary>
    public bool Overwrite { get; init; }

    /// <summary>
    /// Whether a run that the folder holds goes on from its last checkpoint; it must have been started with the same files and options,
    /// but for the number of epochs, the patience and the time limit. False by default.
    /// </summary>
    public bool Resume { get; init; }

    internal bool ReadsInput => Files is ["-"];
}
