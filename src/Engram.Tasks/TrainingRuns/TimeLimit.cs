using Engram.Training;

namespace Engram.Tasks;

/// <summary>Ends training with the first batch that is done after a time.</summary>
internal sealed class TimeLimit(TimeProvider clock, TimeSpan limit) : Callback
{
    private long _start;

    public override void OnTrainingStart(TrainingContext context) => _start = clock.GetTimestamp();

    public override void OnBatchEnd(TrainingContext context, in FitProgress progress) => StopWhereOver(context);

    // Validation takes its time too.
    public override void OnEpochEnd(TrainingContext context, EpochResult epoch) => StopWhereOver(context);

    private void StopWhereOver(TrainingContext context)
    {
        if (clock.GetElapsedTime(_start) >= limit)
        {
            context.StopNow();
        }
    }
}
