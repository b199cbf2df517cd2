namespace Engram.Training;

/// <content>Cosine annealing.</content>
public abstract partial class LearningRateSchedule
{
    /// <summary>
    /// η = η_min + ½ (η₀ − η_min)(1 + cos π x), where x goes from 0 to 1, batch by batch, over all epochs, or over each period: SGDR, cosine
    /// annealing with warm restarts (Loshchilov &amp; Hutter 2017). As text <c>cosine</c>, <c>cosine:10</c>, <c>cosine:10:2</c>, <c>cosine:10:2:1e-5</c>.
    /// </summary>
    /// <param name="period">Epochs from one restart to the next, above 0; null, the default: all epochs, without a restart.</param>
    /// <param name="multiplier">What a period is longer than the one before by, at least 1, the default.</param>
    /// <param name="minimum">η_min, 0, the default, or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static LearningRateSchedule Cosine(double? period = null, double multiplier = 1, double minimum = 0)
    {
        if (period is { } length && !(length > 0 && double.IsFinite(length)))
        {
            throw new ArgumentOutOfRangeException(nameof(period), length, "A period is a number of epochs above 0.");
        }
        if (!(multiplier >= 1 && double.IsFinite(multiplier)))
        {
            throw new ArgumentOutOfRangeException(nameof(multiplier), multiplier, "A period is at least as long as the one before.");
        }
        Minimum(minimum, nameof(minimum));
        string text = period is null && minimum == 0 ? "cosine"
            : minimum == 0 ? multiplier == 1 ? Text($"cosine:{period}") : Text($"cosine:{period}:{multiplier}")
            : Text($"cosine:{period}:{multiplier}:{minimum}");
        return new Function(
            text,
            (initial, at) => minimum + (initial - minimum) / 2 * (1 + Math.Cos(Math.PI * Share(at.EpochsDone, period ?? at.Epochs, period is null ? 1 : multiplier))),
            runsOverAllEpochs: period is null);
    }

    /// <summary>How far into its period a number of epochs is, from 0 to below 1.</summary>
    private static double Share(double epochs, double period, double multiplier)
    {
        if (multiplier == 1)
        {
            return epochs < period ? epochs / period : epochs % period / period;
        }
        while (epochs >= period)
        {
            epochs -= period;
            period *= multiplier;
        }
        return epochs / period;
    }
}
