using System.Globalization;
using Engram.Training;

namespace Engram.Tasks;

/// <summary>Keeps a run's folder up to date while it trains: the best model, the events, the history.</summary>
internal sealed class RunRecorder(RunFolder folder, ITaskTrainer trainer) : Callback
{
    private long? _eventsLength;

    public override void OnTrainingStart(TrainingContext context)
    {
        folder.Events.Start(context.History, trainer.BestEpoch, _eventsLength);
        folder.WriteHistory(context.History);
    }

    public override void OnBatchEnd(TrainingContext context, in FitProgress progress)
    {
        if (context.Gradients.Count > 0)
        {
            folder.Events.Append(progress, context.Gradients);
        }
    }

    public override void OnEpochEnd(TrainingContext context, EpochResult epoch)
    {
        bool isBest = trainer.BestEpoch == epoch.Epoch;
        if (isBest)
        {
            trainer.SaveSnapshot(folder.Model);
        }
        folder.Events.Append(epoch, isBest);
        folder.WriteHistory(context.History);
    }

    public override string? SaveState() => folder.Events.Keep().ToString(CultureInfo.InvariantCulture);

    public override void RestoreState(string state) =>
        _eventsLength = long.TryParse(state, NumberStyles.None, CultureInfo.InvariantCulture, out long length) ? length : null;
}
