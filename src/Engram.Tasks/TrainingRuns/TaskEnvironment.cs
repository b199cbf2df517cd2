using Engram.Training;

namespace Engram.Tasks;

/// <summary>What surrounds a training: nothing of it changes what comes out.</summary>
/// <param name="Device">What to compute on; <see cref="Engram.Device.Default"/> where null.</param>
/// <param name="Progress">Is told where the training stands.</param>
/// <param name="Clock">What limits of time are measured by; the system's where null.</param>
/// <param name="Cancellation">Ends reading at once, and training after the batch at hand.</param>
internal sealed record TaskEnvironment(Device? Device, IProgress<TaskProgress>? Progress, TimeProvider? Clock, CancellationToken Cancellation)
{
    /// <summary>Threads for what is computed beside the network.</summary>
    public int Threads => (Device ?? Engram.Device.Default).Threads;

    /// <summary>Tells that a stage begins, and what was found or assumed before it.</summary>
    public void Begin(TaskStage stage, IReadOnlyList<string>? notes = null)
    {
        Cancellation.ThrowIfCancellationRequested();
        Progress?.Report(new TaskProgress(stage, null) { Notes = notes });
    }

    /// <summary>Tells of the training loop as of a stage: of every batch, and as a callback of every epoch. Null where nobody listens.</summary>
    public StageProgress? During(TaskStage stage) => Progress is null ? null : new StageProgress(Progress, stage);
}

/// <summary>Tells of a training loop as of a stage.</summary>
internal sealed class StageProgress(IProgress<TaskProgress> receiver, TaskStage stage) : Callback, IProgress<FitProgress>
{
    public void Report(FitProgress value) => receiver.Report(new TaskProgress(stage, value));

    public override void OnEpochEnd(TrainingContext context, EpochResult epoch) => receiver.Report(new TaskProgress(stage, null) { Epoch = epoch });
}
