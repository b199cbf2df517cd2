using Engram.Training;

namespace Engram.Tasks;

/// <summary>
/// The learning rates of an earlier training, epoch by epoch: what follows the validation loss, or the number of epochs, would take
/// another course where there is no validation and training ends at the best epoch.
/// </summary>
internal sealed class RepeatedRates(History earlier) : LearningRateSchedule
{
    public override double RateAt(double initialRate, in TrainingPosition position) =>
        earlier.Epochs.Count == 0 ? initialRate : earlier.Epochs[Math.Min(position.Epoch, earlier.Epochs.Count) - 1].LearningRate;
}
