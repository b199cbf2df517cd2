using System.Text.Json.Serialization;
using static Engram.Tasks.TrainingOptionsCheck;

namespace Engram.Tasks;

/// <summary>A training run that leaves a folder: data files, and where results go. Each task adds its own options.</summary>
public abstract record RunOptions
{
    /// <summary>The data files, in their order; one or more.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>The run's folder; made where it does not exist.</summary>
    [JsonIgnore]
    public string Output { get; init; } = "";

    /// <summary>A file to score on instead of a share of the data. Null, the default: none.</summary>
    public string? TestFile { get; init; }

    /// <summary>Epochs from one checkpoint to the next, at least 1, the default.</summary>
    public int CheckpointEpochs { get; init; } = 1;

    /// <summary>The time after which a checkpoint is written within an epoch, at least zero, which means after every batch; a minute by default.</summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Every so many batches the gradients of each layer go into <c>events.jsonl</c>; 0, the default: never.</summary>
    public int GradientStatistics { get; init; }

    /// <summary>Whether a run that the folder holds is replaced. False by default: it is refused.</summary>
    [JsonIgnore]
    public bool Overwrite { get; init; }

    /// <summary>
    /// Whether a run that the folder holds goes on from its last checkpoint; it must have been started with the same files and options,
    /// but for the number of epochs, the time limit, and what is written meanwhile. False by default.
    /// </summary>
    [JsonIgnore]
    public bool Resume { get; init; }

    /// <summary>Other files that the run reads; null where one is not given.</summary>
    internal virtual IEnumerable<string?> OtherFiles => [TestFile, .. Common.Files];

    /// <summary>How the network is trained.</summary>
    internal abstract TrainingOptions Common { get; }

    /// <summary>The same run, told so that it can be found again from another folder.</summary>
    internal virtual RunOptions WithFullPaths() => this with
    {
        Files = [.. Files.Select(Path.GetFullPath)],
        TestFile = TestFile is null ? null : Path.GetFullPath(TestFile),
    };

    /// <summary>What must be the same where a run goes on: all but where files lie, how long it trains, and what it writes meanwhile.</summary>
    internal virtual RunOptions Comparable() => this with
    {
        Files = [],
        TestFile = null,
        CheckpointEpochs = 1,
        CheckpointInterval = default,
        GradientStatistics = 0,
    };

    /// <summary>Checks every option by itself.</summary>
    /// <exception cref="InvalidOptionException">An option is outside its range.</exception>
    internal void Validate()
    {
        Common.Validate();
        AtLeast("--checkpoint-epochs", CheckpointEpochs, 1);
        Require(CheckpointInterval >= TimeSpan.Zero, "--checkpoint-interval", CheckpointInterval, "must be at least zero, which means after every batch.");
        AtLeast("--gradient-statistics", GradientStatistics, 0, " 0 means never.");
        Require(Output.Length > 0, "--output", Output, "must name a folder.");
    }
}
