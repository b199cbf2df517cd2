using System.Numerics;

namespace Engram.Kernels.Losses;

/// <summary>
/// The negative logarithm of Student's t density, in nats, of a target y whose predictions stand side by side: the location μ, a
/// with the scale s = log(1 + eᵃ) + 1e-6, and, where ν is not given, b with ν = 2 + log(1 + eᵇ):
/// <code>
///   L = log Γ(ν/2) − log Γ((ν+1)/2) + ½ log(ν π) + log s + (ν+1)/2 · log(1 + z²/ν),   z = (y − μ) / s
///   dL/dμ = −r / s,   dL/d log s = 1 − z r,   r = (ν+1) z / (ν + z²)
///   dL/dν = ½ (ψ(ν/2) − ψ((ν+1)/2) + 1/ν + log(1 + z²/ν) − z r / ν)
/// </code>
/// </summary>
internal readonly unsafe struct StudentTLoss<T>(int values, double degreesOfFreedom) : IRowLoss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>The least ν that is learnt: above it the variance is finite.</summary>
    private const double LeastLearnt = 2;

    public int Terms => values;

    private bool Learns => degreesOfFreedom == 0;

    public double Row(T* predicted, T* target, T* gradient, T scale)
    {
        int outputs = Learns ? 3 : 2;
        double loss = 0;
        for (int i = 0; i < values; i++, predicted += outputs)
        {
            double a = double.CreateTruncating(predicted[1]), b = Learns ? double.CreateTruncating(predicted[2]) : 0;
            double s = PositiveScale.Of(a), nu = Learns ? LeastLearnt + Probability.Softplus(b) : degreesOfFreedom;
            double z = (double.CreateTruncating(target[i]) - double.CreateTruncating(predicted[0])) / s, tail = Math.Log(1 + z * z / nu);
            loss += GammaFunctions.LogGamma(nu / 2) - GammaFunctions.LogGamma((nu + 1) / 2) + Math.Log(nu * Math.PI) / 2
                + Math.Log(s) + (nu + 1) / 2 * tail;
            if (gradient is null)
            {
                continue;
            }
            double r = (nu + 1) * z / (nu + z * z);
            gradient[outputs * i] = scale * T.CreateTruncating(-r / s);
            gradient[outputs * i + 1] = scale * T.CreateTruncating((1 - z * r) * PositiveScale.LogSlope(a, s));
            if (Learns)
            {
                double slope = (GammaFunctions.Digamma(nu / 2) - GammaFunctions.Digamma((nu + 1) / 2) + 1 / nu + tail - z * r / nu) / 2;
                gradient[outputs * i + 2] = scale * T.CreateTruncating(slope * Probability.Sigmoid(b));
            }
        }
        return loss;
    }
}
