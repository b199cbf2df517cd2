using Engram.Training;

namespace Engram.Tasks;

/// <summary>Ends training with the first epoch that is done after a time.</summary>
internal sealed class TimeLimit(TimeProvider clock, TimeSpan limit) : Callback
{
    private long _start;

    public bool IsReached { get; private set; }

    public override void OnTrainingStart(TrainingContext context) => _start = clock.GetTimestamp();

    public override void OnEpochEnd(TrainingContext context, EpochResult epoch)
    {
        if (clock.GetElapsedTime(_start) >= limit)
        {
            IsReached = true;
            context.Stop();
        }
    }
}

/// <summary>Keeps a run that patience had ended from going on for another epoch when its checkpoint is opened again.</summary>
internal sealed class StopWhereStopped(EarlyStopping stopping) : Callback
{
    public override void OnTrainingStart(TrainingContext context)
    {
        if (context.History.Epochs.Count - stopping.BestEpoch >= stopping.Patience)
        {
            context.Stop();
        }
    }
}
