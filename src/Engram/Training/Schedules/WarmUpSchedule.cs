namespace Engram.Training;

/// <content>Warm-up.</content>
public abstract partial class LearningRateSchedule
{
    /// <summary>
    /// Batch by batch in a straight line up to what another schedule begins with, then that schedule over the rest of the epochs. As text
    /// <c>warm-up:2</c>, <c>warm-up:0.5:cosine</c>.
    /// </summary>
    /// <param name="epochs">How long it takes, above 0; may be part of an epoch.</param>
    /// <param name="then">What follows; η₀ throughout where not given.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not a number of epochs above 0.</exception>
    public static LearningRateSchedule WarmUp(double epochs, LearningRateSchedule? then = null)
    {
        if (!(epochs > 0 && double.IsFinite(epochs)))
        {
            throw new ArgumentOutOfRangeException(nameof(epochs), epochs, "A warm-up is a number of epochs above 0.");
        }
        return new WarmUpSchedule(epochs, then ?? Constant);
    }

    /// <summary>The k-th of K batches has η = η₁ k / K, where η₁ is the rate of the first batch after them.</summary>
    private sealed class WarmUpSchedule(double epochs, LearningRateSchedule then) : LearningRateSchedule
    {
        public override bool RunsOverAllEpochs => then.RunsOverAllEpochs;

        public override double RateAt(double initialRate, in TrainingPosition position)
        {
            TrainingPosition rest = position with
            {
                EpochsDone = Math.Max(0, position.EpochsDone - epochs), Epochs = Math.Max(1.0 / position.BatchesPerEpoch, position.Epochs - epochs),
            };
            double rate = then.RateAt(initialRate, rest);
            double batch = position.EpochsDone * position.BatchesPerEpoch + 1, batches = epochs * position.BatchesPerEpoch;
            return batch < batches ? rate * batch / batches : rate;
        }

        public override string ToString() => Text($"warm-up:{epochs}:{then}");
    }
}
