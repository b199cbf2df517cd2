using System.Numerics;

namespace Engram.Kernels.Losses;

/// <summary>
/// The negative logarithm of a normal density, in nats, of a target y whose predictions, a mean μ and a number a, stand side by side:
/// <code>
///   L = ½ log 2π + log σ + ½ z²,   z = (y − μ) / σ
///   dL/dμ = −z / σ,   dL/d log σ = 1 − z²
///   log-variance   σ = exp(a / 2)                    d log σ / da = ½
///   softplus       σ = log(1 + eᵃ) + 1e-6            d log σ / da = σ(a) / σ
/// </code>
/// </summary>
internal readonly unsafe struct GaussianLoss<T>(int values, bool softplus) : IRowLoss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    public int Terms => values;

    public double Row(T* predicted, T* target, T* gradient, T scale)
    {
        double loss = 0;
        for (int i = 0; i < values; i++)
        {
            double mean = double.CreateTruncating(predicted[2 * i]), a = double.CreateTruncating(predicted[2 * i + 1]);
            double deviation = softplus ? PositiveScale.Of(a) : Math.Exp(a / 2), logDeviation = softplus ? Math.Log(deviation) : a / 2;
            double z = (double.CreateTruncating(target[i]) - mean) / deviation;
            loss += HalfLogTwoPi + logDeviation + z * z / 2;
            if (gradient is not null)
            {
                double slope = softplus ? PositiveScale.LogSlope(a, deviation) : 0.5;
                gradient[2 * i] = scale * T.CreateTruncating(-z / deviation);
                gradient[2 * i + 1] = scale * T.CreateTruncating((1 - z * z) * slope);
            }
        }
        return loss;
    }
}
