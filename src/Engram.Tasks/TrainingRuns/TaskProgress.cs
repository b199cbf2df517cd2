using Engram.Training;

namespace Engram.Tasks;

/// <summary>What a task is busy with while it trains.</summary>
public enum TaskStage
{
    /// <summary>Files are read.</summary>
    Reading,

    /// <summary>The data are prepared and split.</summary>
    Preparing,

    /// <summary>The network is trained.</summary>
    Training,

    /// <summary>Network and baselines are scored.</summary>
    Scoring,

    /// <summary>The network is trained once more, on all data.</summary>
    Refitting,

    /// <summary>Results are written.</summary>
    Writing,
}

/// <summary>Where the training of a task stands.</summary>
/// <param name="Stage">What it is busy with.</param>
/// <param name="Fit">Where the training loop stands after a batch; null otherwise.</param>
public readonly record struct TaskProgress(TaskStage Stage, FitProgress? Fit)
{
    /// <summary>The epoch that has just ended, with what was measured after it; null otherwise.</summary>
    public EpochResult? Epoch { get; init; }

    /// <summary>What was found or assumed before the stage, a sentence each; null where there is nothing to tell.</summary>
    public IReadOnlyList<string>? Notes { get; init; }
}
