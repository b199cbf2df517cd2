namespace Engram.Training;

/// <content>Reduction on a plateau.</content>
public abstract partial class LearningRateSchedule
{
    /// <summary>
    /// Times γ whenever the loss, or another value, has not become better for n epochs, which then are counted anew. As text <c>plateau</c>, <c>plateau:10:0.1</c>.
    /// What it goes by is the history, which checkpoints keep.
    /// </summary>
    /// <param name="patience">n, at least 1; 10 by default.</param>
    /// <param name="factor">γ, above 0 and at most 1; 0.1 by default.</param>
    /// <param name="minimum">The least rate, 0, the default, or more.</param>
    /// <param name="minimumImprovement">By how much a value must be better to count, 0, the default, or more.</param>
    /// <param name="monitor">The value to watch, a loss or a metric; null, the default, is <c>val_loss</c>, or <c>loss</c> where there is no validation.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static LearningRateSchedule ReduceOnPlateau(
        int patience = 10, double factor = 0.1, double minimum = 0, double minimumImprovement = 0, string? monitor = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(patience, 1);
        Factor(factor, nameof(factor));
        Minimum(minimum, nameof(minimum));
        ArgumentOutOfRangeException.ThrowIfNegative(minimumImprovement);
        return new PlateauSchedule(patience, factor, minimum, minimumImprovement, monitor);
    }

    private sealed class PlateauSchedule(int patience, double factor, double minimum, double minimumImprovement, string? monitor) : LearningRateSchedule
    {
        public override double RateAt(double initialRate, in TrainingPosition position)
        {
            double rate = initialRate, best = double.PositiveInfinity;
            IReadOnlyList<EpochResult> epochs = position.History.Epochs;
            for (int i = 0, waited = 0; i < epochs.Count; i++)
            {
                double value = Monitored.Cost(position.History, epochs[i], monitor, "A learning rate that is reduced on a plateau");
                if (value < best - minimumImprovement)
                {
                    (best, waited) = (value, 0);
                }
                else if (++waited >= patience)
                {
                    (rate, waited) = (rate * factor, 0);
                }
            }
            return Math.Max(rate, Math.Min(minimum, initialRate));
        }

        public override string ToString()
        {
            string text = Text($"plateau:{patience}:{factor}");
            text += minimum > 0 || minimumImprovement > 0 ? Text($":{minimum}") : "";
            text += minimumImprovement > 0 ? Text($":{minimumImprovement}") : "";
            return monitor is null ? text : text + " of " + monitor;
        }
    }
}
