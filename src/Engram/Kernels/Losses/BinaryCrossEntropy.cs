using System.Numerics;

namespace Engram.Kernels.Losses;

/// <summary>
/// Cross-entropy of logits x, each with a probability σ(x) of its own, with label smoothing s and weights w₀, w₁ of the two classes:
/// <code>
///   t' = (1 − s) t + s / 2
///   L  = w₁ t' log(1 + e⁻ˣ) + w₀ (1 − t') log(1 + eˣ)
///   dL/dx = w₀ (1 − t') σ(x) − w₁ t' (1 − σ(x))
/// </code>
/// </summary>
internal readonly unsafe struct BinaryCrossEntropy<T>(int columns, double smoothing, double weight0, double weight1) : IRowLoss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Terms => columns;

    public double Row(T* predicted, T* target, T* gradient, T scale)
    {
        double loss = 0;
        for (int i = 0; i < columns; i++)
        {
            double x = double.CreateTruncating(predicted[i]), t = (1 - smoothing) * double.CreateTruncating(target[i]) + smoothing / 2;
            loss += weight1 * t * Probability.Softplus(-x) + weight0 * (1 - t) * Probability.Softplus(x);
            if (gradient is not null)
            {
                double slope = weight0 * (1 - t) * Probability.Sigmoid(x) - weight1 * t * Probability.Sigmoid(-x);
                gradient[i] = scale * T.CreateTruncating(slope);
            }
        }
        return loss;
    }
}

/// <summary>
/// The same of probabilities p, with p' = max(p, 1e-7) and q' = max(1 − p, 1e-7):
/// <code>
///   L = −w₁ t' log p' − w₀ (1 − t') log q',   dL/dp = w₀ (1 − t') / q' − w₁ t' / p'
/// </code>
/// </summary>
internal readonly unsafe struct BinaryCrossEntropyOfProbabilities<T>(int columns, double smoothing, double weight0, double weight1) : IRowLoss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Terms => columns;

    public double Row(T* predicted, T* target, T* gradient, T scale)
    {
        double loss = 0;
        for (int i = 0; i < columns; i++)
        {
            double x = double.CreateTruncating(predicted[i]), t = (1 - smoothing) * double.CreateTruncating(target[i]) + smoothing / 2;
            double p = Probability.AtLeastTiny(x), q = Probability.AtLeastTiny(1 - x), one = weight1 * t, zero = weight0 * (1 - t);
            loss -= one * Math.Log(p) + zero * Math.Log(q);
            if (gradient is not null)
            {
                gradient[i] = scale * T.CreateTruncating(zero / q - one / p);
            }
        }
        return loss;
    }
}
