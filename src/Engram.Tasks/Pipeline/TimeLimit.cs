using Engram.Training;

namespace Engram.Tasks;

/// <summary>Ends training with the first epoch that is done after a time.</summary>
internal sealed class TimeLimit(TimeProvider clock, TimeSpan limit) : Callback
{
    private long _start;

    public override void OnTrainingStart(TrainingContext context) => _start = clock.GetTimestamp();

    public override void OnEpochEnd(TrainingContext context, EpochResult epoch)
    {
        if (clock.GetElapsedTime(_start) >= limit)
        {
            context.Stop();
        }
    }
}
