namespace Engram.Training;

/// <summary>Is told what happens in training and may end it. Every method does nothing by default.</summary>
public abstract class Callback
{
    /// <summary>Training starts, or goes on from a checkpoint.</summary>
    public virtual void OnTrainingStart(TrainingContext context)
    {
    }

    /// <summary>A batch is done.</summary>
    public virtual void OnBatchEnd(TrainingContext context, in FitProgress progress)
    {
    }

    /// <summary>An epoch is done, validation included.</summary>
    public virtual void OnEpochEnd(TrainingContext context, EpochResult epoch)
    {
    }

    /// <summary>
    /// Training has ended, however it did; the history tells why. All callbacks are told, also where one throws here; of several exceptions <c>Fit</c> throws the first.
    /// </summary>
    public virtual void OnTrainingEnd(TrainingContext context)
    {
    }

    /// <summary>
    /// What the callback must remember over an interruption, as a text that goes into checkpoints; null, the default: nothing. Called after a batch
    /// or an epoch.
    /// </summary>
    public virtual string? SaveState() => null;

    /// <summary>Takes back what <see cref="SaveState"/> gave, before <see cref="OnTrainingStart"/>.</summary>
    /// <param name="state">The text.</param>
    public virtual void RestoreState(string state)
    {
    }

    /// <summary>Its settings, which must be the same where a run goes on; null where it has none that matter.</summary>
    internal virtual string? Settings => null;

    /// <summary>Adds what the callback must remember over an interruption, as arrays too.</summary>
    internal virtual void Save(CheckpointWriter checkpoint)
    {
    }

    /// <summary>Takes back what <see cref="Save"/> added.</summary>
    internal virtual void Restore(CheckpointReader checkpoint)
    {
    }
}

/// <summary>What a callback sees of the training that called it.</summary>
public sealed class TrainingContext
{
    internal TrainingContext(Model model, FitOptions options, History history)
    {
        Model = model;
        Options = options;
        History = history;
    }

    /// <summary>The model in training.</summary>
    public Model Model { get; }

    /// <summary>How it is trained.</summary>
    public FitOptions Options { get; }

    /// <summary>All epochs so far.</summary>
    public History History { get; }

    /// <summary>How large the gradients of the batch were, layer by layer, where <see cref="FitOptions.GradientStatistics"/> asks for it; else empty.</summary>
    public IReadOnlyList<LayerGradient> Gradients { get; internal set; } = [];

    internal StopReason? StopRequested { get; private set; }

    /// <summary>Whether to stop after the batch at hand.</summary>
    internal bool StopsNow { get; private set; }

    /// <summary>Ends training after the epoch at hand.</summary>
    public void Stop() => Stop(StopReason.Callback);

    /// <summary>Ends training after the batch at hand; the epoch it is in is left out of the history, and goes on when the run is resumed.</summary>
    public void StopNow()
    {
        Stop(StopReason.Callback);
        StopsNow = true;
    }

    internal void Stop(StopReason reason) => StopRequested ??= reason;
}
