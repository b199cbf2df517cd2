using System.Numerics;

namespace Engram.Kernels.Losses;

/// <summary>Σ λ₁ |x| + λ₂ x² over a row, and its derivative λ₁ sign x + 2 λ₂ x; there is no target.</summary>
internal readonly unsafe struct PenaltyLoss<T>(int columns, T l1, T l2) : IRowLoss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Terms => 1;

    public double Row(T* predicted, T* target, T* gradient, T scale)
    {
        double sum = 0;
        for (int i = 0; i < columns; i++)
        {
            T x = predicted[i];
            sum += double.CreateTruncating(l1 * T.Abs(x) + l2 * x * x);
            if (gradient is not null)
            {
                T sign = x > T.Zero ? T.One : x < T.Zero ? -T.One : x;
                gradient[i] = scale * (l1 * sign + (l2 + l2) * x);
            }
        }
        return sum;
    }
}
