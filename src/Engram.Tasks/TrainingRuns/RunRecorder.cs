using Engram.Training;

namespace Engram.Tasks;

/// <summary>Keeps a run's folder up to date while it trains: the best model, the events, the history.</summary>
internal sealed class RunRecorder(RunFolder folder, ForecastTrainer trainer) : Callback
{
    public override void OnTrainingStart(TrainingContext context)
    {
        folder.Events.Start(context.History);
        folder.WriteHistory(context.History);
    }

    public override void OnEpochEnd(TrainingContext context, EpochResult epoch)
    {
        bool isBest = trainer.BestEpoch == epoch.Epoch;
        if (isBest)
        {
            trainer.Snapshot().Save(folder.Model);
        }
        folder.Events.Append(epoch, isBest);
        folder.WriteHistory(context.History);
    }
}
