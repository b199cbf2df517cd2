using Engram.Backends;
using Engram.Losses;

namespace Engram;

/// <content>Losses of each element's error.</content>
public abstract partial class Loss
{
    /// <summary>Mean of e², e = predicted − target.</summary>
    public static Loss MeanSquaredError { get; } = new KernelLoss("mean_squared_error", new LossSpec(LossKind.MeanSquared));

    /// <summary>Mean of |e|, e = predicted − target.</summary>
    public static Loss MeanAbsoluteError { get; } = new KernelLoss("mean_absolute_error", new LossSpec(LossKind.MeanAbsolute));

    /// <summary>
    /// Mean of e²/2 where |e| ≤ δ and of δ(|e| − δ/2) beyond: squared near zero, absolute for outliers (Huber 1964).
    /// </summary>
    /// <param name="delta">δ, above 0; 1 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">δ is not above 0.</exception>
    public static Loss Huber(double delta = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(delta);
        return new KernelLoss("huber", new LossSpec(LossKind.Huber) { Parameter = delta });
    }
}
