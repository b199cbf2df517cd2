namespace Engram.Training;

/// <content>Schedules that change from epoch to epoch.</content>
public abstract partial class LearningRateSchedule
{
    /// <summary>η = η₀ γ^⌊(epoch − 1) / n⌋: times γ after every n epochs. As text <c>step:10:0.5</c>.</summary>
    /// <param name="epochs">n, at least 1.</param>
    /// <param name="factor">γ, above 0 and at most 1; 0.5 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public static LearningRateSchedule Step(int epochs, double factor = 0.5)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(epochs, 1);
        Factor(factor, nameof(factor));
        return new Function(Text($"step:{epochs}:{factor}"), (initial, at) => initial * Math.Pow(factor, Math.Floor((at.Epoch - 1.0) / epochs)));
    }

    /// <summary>η = η₀ γ^(epoch − 1): times γ after every epoch. As text <c>exponential:0.95</c>.</summary>
    /// <param name="factor">γ, above 0 and at most 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">γ is outside its range.</exception>
    public static LearningRateSchedule Exponential(double factor)
    {
        Factor(factor, nameof(factor));
        return new Function(Text($"exponential:{factor}"), (initial, at) => initial * Math.Pow(factor, at.Epoch - 1));
    }

    /// <summary>
    /// η = η₀ for n epochs, then half of it, a quarter … : halved at every epoch after the n-th (Zaremba et al. 2014). As text
    /// <c>halve-after:4</c>.
    /// </summary>
    /// <param name="epochs">n, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">n is below 0.</exception>
    public static LearningRateSchedule HalveAfter(int epochs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(epochs);
        return new Function(Text($"halve-after:{epochs}"), (initial, at) => initial * Math.Pow(0.5, Math.Max(0, at.Epoch - epochs)));
    }
}
