using System.Numerics;
using System.Numerics.Tensors;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// Normalisation of one row of n elements:
/// <code>
///   μ = Σ x / n      σ² = Σ (x − μ)² / n      x̂ = (x − μ) r,   r = 1 / √(σ² + ε)
///   dx = r (dx̂ − Σ dx̂ / n − x̂ · (dx̂·x̂) / n)
/// </code>
/// </summary>
internal static unsafe class Normalization<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    /// <returns>r.</returns>
    public static T Forward(T* x, int count, double epsilon, T* normalized)
    {
        var row = new Span<T>(normalized, count);
        TensorPrimitives.Subtract(new ReadOnlySpan<T>(x, count), T.CreateTruncating(Reduction<T, L>.Sum(x, count) / count), row);
        T inverse = T.CreateTruncating(1 / Math.Sqrt(Reduction<T, L>.SumOfSquares(normalized, count) / count + epsilon));
        TensorPrimitives.Multiply(row, inverse, row);
        return inverse;
    }

    /// <param name="normalized">x̂</param>
    /// <param name="inverse">r</param>
    /// <param name="gradient">dx̂; what stands there is lost.</param>
    /// <param name="count">n</param>
    /// <param name="dx">Receives, or is added to.</param>
    /// <param name="accumulate">Whether it is added to.</param>
    public static void Backward(T* normalized, T inverse, T* gradient, int count, T* dx, bool accumulate)
    {
        T mean = T.CreateTruncating(Reduction<T, L>.Sum(gradient, count) / count);
        T slope = T.CreateTruncating(Reduction<T, L>.Dot(gradient, normalized, count) / count);
        Span<T> row = new(gradient, count), target = new(dx, count);
        TensorPrimitives.Subtract(row, mean, row);
        TensorPrimitives.MultiplyAdd(new ReadOnlySpan<T>(normalized, count), -slope, row, row);
        if (accumulate)
        {
            TensorPrimitives.MultiplyAdd(row, inverse, target, target);
        }
        else
        {
            TensorPrimitives.Multiply(row, inverse, target);
        }
    }
}
