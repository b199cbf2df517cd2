using System.Numerics;

namespace Engram.Kernels.Losses;

/// <summary>
/// The pinball loss (Koenker &amp; Bassett 1978) of several quantiles τ for each target y, whose predictions p stand side by side:
/// <code>
///   e = y − p,   L = max(τ e, (τ − 1) e),   dL/dp = −τ for e > 0, 1 − τ for e &lt; 0, 0 for e = 0
/// </code>
/// </summary>
internal readonly unsafe struct QuantileLoss<T>(int values, int quantiles, double* levels) : IRowLoss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Terms => values * quantiles;

    public double Row(T* predicted, T* target, T* gradient, T scale)
    {
        double loss = 0;
        for (int i = 0; i < values * quantiles; i++)
        {
            double level = levels[i % quantiles], e = double.CreateTruncating(target[i / quantiles]) - double.CreateTruncating(predicted[i]);
            double slope = e > 0 ? level : e < 0 ? level - 1 : e;
            loss += slope * e;
            if (gradient is not null)
            {
                gradient[i] = scale * T.CreateTruncating(-slope);
            }
        }
        return loss;
    }
}
