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

    /// <summary>Epochs from one checkpoint to the next, at least 1, the default.</summary>
    public int CheckpointEpochs { get; init; } = 1;

    /// <summary>The time after which a checkpoint is written within an epoch, at least zero, which means after every batch; a minute by default.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Every so many batches the gradients of each layer go into <c>events.jsonl</c>; 0, the default: never.</summary>
    public int GradientStatistics { get; init; }

    /// <summary>Whether a run that the folder holds is replaced. False by default: it is refused.</summary>
    public bool Overwrite { get; init; }

    /// <summary>
    /// Whether a run that the folder holds goes on from its last checkpoint; it must have been started with the same files and options,
    /// but for the number of epochs, the time limit, and what is written meanwhile. False by default.
    /// </summary>
    public bool Resume { get; init; }

    /// <summary>Checks every option by itself.</summary>
    /// <exception cref="InvalidOptionException">An option is outside its range.</exception>
    internal void Validate()
    {
        Training.Validate();
        Require(CheckpointEpochs >= 1, "--checkpoint-epochs", CheckpointEpochs, "must be at least 1.");
        Require(CheckpointInterval >= TimeSpan.Zero, "--checkpoint-interval", CheckpointInterval, "must be at least zero, which means after every batch.");
        Require(GradientStatistics >= 0, "--gradient-statistics", GradientStatistics, "must be at least 0, which means never.");

        static void Require(bool holds, string option, object value, string rule)
        {
            if (!holds)
            {
                throw new InvalidOptionException(option, value, rule);
            }
        }
    }

    internal bool ReadsInput => Files is ["-"];
}
