using System.Numerics;
using Engram.Kernels.Lanes;

namespace Engram.Kernels.Losses;

/// <summary>
/// Cross-entropy of a row of logits x against a class y out of C, with label smoothing s and class weights w:
/// <code>
///   L = (1 − s) w_y (log Σ exp x − x_y) + s/C · Σ wₖ (log Σ exp x − xₖ)
///   dL/dxₖ = W softmax(x)ₖ − s/C · wₖ − (1 − s) w_y [k = y],   W = (1 − s) w_y + s/C · Σ wₖ
/// </code>
/// It equals <see cref="CategoricalCrossEntropy{T, L}"/> of the one-hot target, which is never made.
/// </summary>
internal readonly unsafe struct SparseCrossEntropy<T, L>(int classes, double smoothing, double* weights) : IRowLoss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    public int Terms => 1;

    public double Row(T* predicted, T* target, T* gradient, T scale)
    {
        int y = int.CreateTruncating(*target);
        double chosen = double.CreateTruncating(predicted[y]); // before the gradient may take its place
        (double largest, double sum) = Exponentials<T, L>.Run(predicted, classes, gradient);
        double logSum = largest + Math.Log(sum), share = (1 - smoothing) * (weights is null ? 1 : weights[y]);
        double loss = share * (logSum - chosen), weight = share, each = smoothing / classes;
        for (int k = 0; smoothing > 0 && k < classes; k++)
        {
            double smooth = weights is null ? each : each * weights[k];
            weight += smooth;
            loss += smooth * (logSum - double.CreateTruncating(predicted[k]));
        }
        if (gradient is not null)
        {
            Elementwise<T, L>.Scale(scale * T.CreateTruncating(weight / sum), gradient, gradient, classes);
            gradient[y] -= scale * T.CreateTruncating(share);
            for (int k = 0; smoothing > 0 && k < classes; k++)
            {
                gradient[k] -= scale * T.CreateTruncating(weights is null ? each : each * weights[k]);
            }
        }
        return loss;
    }
}

/// <summary>
/// The same of a row of probabilities p, with p' = max(p, 1e-7):
/// <code>
///   L = −(1 − s) w_y log p'_y − s/C · Σ wₖ log p'ₖ,   dL/dpₖ = −(s/C · wₖ + (1 − s) w_y [k = y]) / p'ₖ
/// </code>
/// </summary>
internal readonly unsafe struct SparseCrossEntropyOfProbabilities<T>(int classes, double smoothing, double* weights) : IRowLoss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Terms => 1;

    public double Row(T* predicted, T* target, T* gradient, T scale)
    {
        int y = int.CreateTruncating(*target);
        double loss = 0;
        for (int k = 0; k < classes; k++)
        {
            double share = smoothing / classes + (k == y ? 1 - smoothing : 0);
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
