namespace Engram.Training;

/// <content>One cycle.</content>
public abstract partial class LearningRateSchedule
{
    /// <summary>
    /// One cycle over all batches (Smith 2018), in two parts, each along half a cosine: up from η_max / 25 to η_max over the first 30%, then down
    /// to η_max / 250,000. As text <c>one-cycle</c>, <c>one-cycle:0.01</c>.
    /// </summary>
    /// <param name="maximum">η_max, above 0; η₀ where not given.</param>
    /// <exception cref="ArgumentOutOfRangeException">η_max is not a number above 0.</exception>
    public static LearningRateSchedule OneCycle(double? maximum = null)
    {
        const double upShare = 0.3, startDivisor = 25, endDivisor = 25e4;
        if (maximum is { } most && !(most > 0 && double.IsFinite(most)))
        {
            throw new ArgumentOutOfRangeException(nameof(maximum), most, "The largest learning rate is a number above 0.");
        }
        return new Function(maximum is null ? "one-cycle" : Text($"one-cycle:{maximum}"), (initial, at) =>
        {
            double top = maximum ?? initial, last = at.Epochs * at.BatchesPerEpoch - 1, x = last > 0 ? at.EpochsDone * at.BatchesPerEpoch / last : 1;
            return x < upShare
                ? Between(top / startDivisor, top, x / upShare)
                : Between(top, top / endDivisor, Math.Min(1, (x - upShare) / (1 - upShare)));
        }, runsOverAllEpochs: true);
    }

    /// <summary>From one number to another along half a cosine, as x goes from 0 to 1.</summary>
    private static double Between(double from, double to, double x) => to + (from - to) / 2 * (1 + Math.Cos(Math.PI * x));
}
