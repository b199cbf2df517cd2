using System.Globalization;

namespace Engram.Training;

/// <summary>Why training ended.</summary>
public enum StopReason
{
    /// <summary>Training has not ended yet.</summary>
    Running,

    /// <summary>All epochs were done.</summary>
    Finished,

    /// <summary>The monitored value had not improved for as many epochs as patience allows.</summary>
    Patience,

    /// <summary>The caller cancelled.</summary>
    Cancelled,

    /// <summary>A callback asked for it.</summary>
    Callback,

    /// <summary>The loss or a weight was no finite number any more; <c>Fit</c> threw <see cref="TrainingDivergedException"/>.</summary>
    Diverged,

    /// <summary>Another exception ended it, which <c>Fit</c> passed on.</summary>
    Failed,
}

/// <summary>One epoch of training.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="Seconds">How long it took, validation included.</param>
/// <param name="LearningRate">The optimizer's rate at its end.</param>
/// <param name="Values">
/// By name: <c>loss</c>, the mean over the epoch's batches while the weights changed; <c>penalty</c>, the mean of what regularizers added to
/// it, where there are any; and, where there are validation data, loss and
/// metrics on them after the epoch: <c>val_loss</c>, <c>val_mean_absolute_error</c> … Metrics are not measured on the training data:
/// <see cref="Model.Evaluate(Tensor, Tensor, int, bool)"/> does that.
/// </param>
public sealed record EpochResult(int Epoch, double Seconds, double LearningRate, IReadOnlyDictionary<string, double> Values)
{
    /// <summary>Mean training loss.</summary>
    public double Loss => Values["loss"];

    /// <summary>Validation loss; null where there was no validation.</summary>
    public double? ValidationLoss => Values.TryGetValue("val_loss", out double loss) ? loss : null;
}

/// <summary>What happened in training.</summary>
public sealed class History
{
    private readonly List<EpochResult> _epochs = [];

    /// <summary>The metrics that the values are of, beside losses.</summary>
    internal IReadOnlyList<Metric> Metrics { get; init; } = [];

    /// <summary>Every epoch, in order.</summary>
    public IReadOnlyList<EpochResult> Epochs => _epochs;

    /// <summary>Why training ended; a callback sees the reason in <see cref="Callback.OnTrainingEnd"/>.</summary>
    public StopReason Stopped { get; internal set; }

    /// <summary>Training loss by epoch.</summary>
    public IReadOnlyList<double> Loss => this["loss"];

    /// <summary>Validation loss by epoch; empty where there was no validation.</summary>
    public IReadOnlyList<double> ValidationLoss => this["val_loss"];

    /// <summary>The epoch, from 1, with the least validation loss, or training loss where there is none; 0 before the first.</summary>
    public int BestEpoch => _epochs.Count == 0 ? 0 : _epochs.MinBy(Score)!.Epoch;

    /// <summary>A value by epoch: <c>history["val_loss"]</c>; epochs without it are left out.</summary>
    public IReadOnlyList<double> this[string name] => [.. _epochs.Where(epoch => epoch.Values.ContainsKey(name)).Select(epoch => epoch.Values[name])];

    /// <summary>
    /// Writes the history as CSV, a row for each epoch: <c>epoch,loss,val_loss</c>, other values by their names,
    /// <c>learning_rate,seconds</c>. What was not measured is empty; numbers come back to the bit.
    /// </summary>
    /// <param name="writer">Receives the text.</param>
    public void WriteCsv(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        string[] names = [.. ((string[])["loss", "val_loss"]).Concat(_epochs.SelectMany(epoch => epoch.Values.Keys)).Distinct()];
        writer.WriteLine($"epoch,{string.Join(',', names)},learning_rate,seconds");
        foreach (EpochResult epoch in _epochs)
        {
            IEnumerable<string> values = names.Select(name => epoch.Values.TryGetValue(name, out double value) ? value.ToString("R", CultureInfo.InvariantCulture) : "");
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{epoch.Epoch},{string.Join(',', values)},{epoch.LearningRate:R},{epoch.Seconds:F3}"));
        }
    }

    internal void Add(EpochResult epoch) => _epochs.Add(epoch);

    // What is no number would count as the least.
    private static double Score(EpochResult epoch)
    {
        double loss = epoch.ValidationLoss ?? epoch.Loss;
        return double.IsNaN(loss) ? double.PositiveInfinity : loss;
    }
}
