namespace Engram.Tasks;

/// <summary>What surrounds a training: nothing of it changes what comes out.</summary>
/// <param name="Device">What to compute on; <see cref="Engram.Device.Default"/> where null.</param>
/// <param name="Progress">Is told where the training stands.</param>
/// <param name="Clock">What limits of time are measured by; the system's where null.</param>
/// <param name="Cancellation">Ends reading at once, and training after the batch at hand.</param>
internal sealed record TaskEnvironment(Device? Device, IProgress<TaskProgress>? Progress, TimeProvider? Clock, CancellationToken Cancellation)
{
    /// <summary>Tells that a stage begins.</summary>
    public void Begin(TaskStage stage)
    {
        Cancellation.ThrowIfCancellationRequested();
        Progress?.Report(new TaskProgress(stage, null));
    }

    /// <summary>Tells of a training as of a stage; null where nobody listens.</summary>
    public IProgress<Training.FitProgress>? During(TaskStage stage) => Progress is null ? null : new StageProgress(Progress, stage);

    private sealed class StageProgress(IProgress<TaskProgress> receiver, TaskStage stage) : IProgress<Training.FitProgress>
    {
        public void Report(Training.FitProgress value) => receiver.Report(new TaskProgress(stage, value));
    }
}
