using Engram.Training;

namespace Engram.Tasks;

/// <summary>What training a forecaster is busy with.</summary>
public enum ForecastStage
{
    /// <summary>Files are read.</summary>
    Reading,

    /// <summary>The series is prepared and split.</summary>
    Preparing,

    /// <summary>The network is trained.</summary>
    Training,

    /// <summary>Network and baselines are scored.</summary>
    Scoring,

    /// <summary>The network is trained once more, on all rows.</summary>
    Refitting,

    /// <summary>Results are written.</summary>
    Writing,
}

/// <summary>Where training a forecaster stands.</summary>
/// <param name="Stage">What it is busy with.</param>
/// <param name="Fit">Where the training loop stands; null in other stages.</param>
public readonly record struct ForecastProgress(ForecastStage Stage, FitProgress? Fit);
