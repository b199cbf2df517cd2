using System.Numerics;
using Engram.Kernels.Lanes;

namespace Engram.Kernels.Losses;

/// <summary>
/// Cross-entropy of a row of logits x against a distribution t over C classes, with label smoothing s and class weights w:
/// <code>
///   t' = (1 − s) t + s / C,   W = Σ wₖ t'ₖ
///   L  = Σ wₖ t'ₖ (log Σ exp x − xₖ),   dL/dxₖ = W softmax(x)ₖ − wₖ t'ₖ
/// </code>
/// The exponentials are kept where the gradient goes: there is no second array of probabilities.
/// </summary>
internal readonly unsafe struct CategoricalCrossEntropy<T, L>(int classes, double smoothing, double* weights) : IRowLoss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    public int Terms => 1;

    public double Row(T* predicted, T* target, T* gradient, T scale)
    {
        (double largest, double sum) = Exponentials<T, L>.Run(predicted, classes, gradient);
        double logSum = largest + Math.Log(sum), loss = 0, weight = 0;
        for (int k = 0; k < classes; k++)
        {
            double share = Share(target, k);
            weight += share;
            if (share != 0)
            {
                loss += share * (logSum - double.CreateTruncating(predicted[k]));
            }
        }
        if (gradient is not null)
        {
            Elementwise<T, L>.Scale(scale * T.CreateTruncating(weight / sum), gradient, gradient, classes);
            for (int k = 0; k < classes; k++)
            {
                gradient[k] -= scale * T.CreateTruncating(Share(target, k));
            }
        }
        return loss;
    }

    private double Share(T* target, int k)
    {
        double share = (1 - smoothing) * double.CreateTruncating(target[k]) + smoothing / classes;
        return weights is null ? share : weights[k] * share;
    }
}

/// <summary>The same of a row of probabilities p: L = −Σ wₖ t'ₖ log p'ₖ with p' = max(p, 1e-7);  dL/dpₖ = −wₖ t'ₖ / p'ₖ.</summary>
internal readonly unsafe struct CategoricalCrossEntropyOfProbabilities<T>(int classes, double smoothing, double* weights) : IRowLoss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Terms => 1;

    public double Row(T* predicted, T* target, T* gradient, T scale)
    {
        double loss = 0;
        for (int k = 0; k < classes; k++)
        {
            double share = (1 - smoothing) * double.CreateTruncating(target[k]) + smoothing / classes;
            share = weights is null ? share : weights[k] * share;
            double p = Probability.AtLeastTiny(double.CreateTruncating(predicted[k]));
            loss -= share == 0 ? 0 : share * Math.Log(p);
            if (gradient is not null)
            {
                gradient[k] = scale * T.CreateTruncating(-share / p);
            }
        }
        return loss;
    }
}
