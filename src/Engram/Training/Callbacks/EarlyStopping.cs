using System.Globalization;

namespace Engram.Training;

/// <summary>
/// Ends training when a value has not become better for a number of epochs, and puts the best weights back, however training ends.
/// </summary>
public sealed class EarlyStopping : Callback
{
    private const string Watcher = "Early stopping";
    private float[][]? _bestWeights;
    private double _best = double.PositiveInfinity;

    /// <summary>Early stopping.</summary>
    /// <param name="patience">
    /// Epochs without improvement after which training ends, at least 1; <see cref="int.MaxValue"/> never ends it and only keeps the best weights.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">Patience is below 1.</exception>
    public EarlyStopping(int patience = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        Patience = patience;
    }

    /// <summary>Epochs without improvement after which training ends.</summary>
    public int Patience { get; }

    /// <summary>
    /// The value to watch: a loss, the smaller the better, or a metric, which says itself; null, the default, is <c>val_loss</c>, or <c>loss</c> where
    /// there is no validation.
    /// </summary>
    public string? Monitor { get; init; }

    /// <summary>By how much a value must be better to count; 0 by default.</summary>
    public double MinimumImprovement { get; init; }

    /// <summary>Whether the best weights are put back at the end; true by default.</summary>
    public bool RestoreBest { get; init; } = true;

    /// <summary>The epoch with the best value, from 1; 0 before the first.</summary>
    public int BestEpoch { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The value to watch is not measured.</exception>
    public override void OnTrainingStart(TrainingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Monitored.Require(context, Monitor, Watcher);
        int done = context.History.Epochs.Count;
        if (done == 0)
        {
            // Whatever an earlier training left here does not count in this one.
            (_best, BestEpoch, _bestWeights) = (double.PositiveInfinity, 0, null);
        }
        else if (done - BestEpoch >= Patience)
        {
            context.Stop(StopReason.Patience); // the run that wrote the checkpoint had ended
        }
    }

    /// <inheritdoc/>
    public override void OnEpochEnd(TrainingContext context, EpochResult epoch)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(epoch);
        double value = Monitored.Cost(context.History, epoch, Monitor, Watcher);
        if (value < _best - MinimumImprovement)
        {
            _best = value;
            BestEpoch = epoch.Epoch;
            _bestWeights = [.. context.Model.Parameters.Select(parameter => parameter.ToArray())];
        }
        else if (epoch.Epoch - BestEpoch >= Patience)
        {
            context.Stop(StopReason.Patience);
        }
    }

    /// <inheritdoc/>
    public override void OnTrainingEnd(TrainingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        for (int i = 0; RestoreBest && _bestWeights is not null && i < _bestWeights.Length; i++)
        {
            context.Model.Parameters[i].Set(_bestWeights[i]);
        }
    }

    internal override string? Settings => string.Create(
        CultureInfo.InvariantCulture, $"patience {Patience}, improvement {MinimumImprovement:R} of {Monitor ?? "the loss"}{(RestoreBest ? "" : ", best weights not put back")}");

    internal override void Save(CheckpointWriter checkpoint)
    {
        checkpoint.Set("earlyStopping.bestEpoch", BestEpoch.ToString(CultureInfo.InvariantCulture));
        checkpoint.Set("earlyStopping.best", _best.ToString("R", CultureInfo.InvariantCulture));
        for (int i = 0; _bestWeights is not null && i < _bestWeights.Length; i++)
        {
            Parameter parameter = checkpoint.Model.Parameters[i];
            checkpoint.Add("best." + parameter.Name, parameter.Shape, _bestWeights[i]);
        }
    }

    internal override void Restore(CheckpointReader checkpoint)
    {
        BestEpoch = checkpoint.Integer("earlyStopping.bestEpoch");
        _best = checkpoint.Number("earlyStopping.best");
        _bestWeights = BestEpoch == 0 ? null
            : [.. checkpoint.Model.Parameters.Select(parameter => checkpoint.Array("best." + parameter.Name, parameter.Shape))];
    }
}
