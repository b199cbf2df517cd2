using System.Numerics;
using Engram.Kernels.Lanes;

namespace Engram.Kernels.Losses;

/// <summary>
/// The divergence of a row of logits x from a distribution t: the cross-entropy less the entropy of t.
/// <code>
///   L = Σ tₖ (log tₖ − xₖ + log Σ exp x),   dL/dxₖ = softmax(x)ₖ Σ t − tₖ
/// </code>
/// </summary>
internal readonly unsafe struct KullbackLeiblerLoss<T, L>(int classes) : IRowLoss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    public int Terms => 1;

    public double Row(T* predicted, T* target, T* gradient, T scale) =>
        new CategoricalCrossEntropy<T, L>(classes, 0, null).Row(predicted, target, gradient, scale) + NegativeEntropy(target, classes);

    /// <summary>Σ tₖ log tₖ, 0 where t is.</summary>
    public static double NegativeEntropy(T* target, int classes)
    {
        double sum = 0;
        for (int k = 0; k < classes; k++)
        {
            double t = double.CreateTruncating(target[k]);
            sum += t == 0 ? 0 : t * Math.Log(t);
        }
        return sum;
    }
}

/// <summary>The same of a row of probabilities p, with p' = max(p, 1e-7): L = Σ tₖ (log tₖ − log p'ₖ);  dL/dpₖ = −tₖ / p'ₖ.</summary>
internal readonly unsafe struct KullbackLeiblerLossOfProbabilities<T, L>(int classes) : IRowLoss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    public int Terms => 1;

    public double Row(T* predicted, T* target, T* gradient, T scale) =>
        new CategoricalCrossEntropyOfProbabilities<T>(classes, 0, null).Row(predicted, target, gradient, scale)
        + KullbackLeiblerLoss<T, L>.NegativeEntropy(target, classes);
}
