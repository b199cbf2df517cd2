using System.Numerics;
using System.Numerics.Tensors;

namespace Engram.Kernels.Losses;

/// <summary>
/// Looks for targets that a loss can make nothing of, on the walk that losses take: 1 for a row with a number outside 0 … most, or, where targets are class ids,
/// one that is not whole; else 0.
/// </summary>
internal readonly unsafe struct TargetCheck<T>(int columns, T most, bool areIds) : IRowLoss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public int Terms => 1;

    public double Row(T* predicted, T* target, T* gradient, T scale) => IsGood(new ReadOnlySpan<T>(target, columns)) ? 0 : 1;

    /// <summary>Whether a loss can do with such targets. NaN among them is the least and the largest, and fails both comparisons.</summary>
    public bool IsGood(ReadOnlySpan<T> targets) =>
        targets.IsEmpty || (TensorPrimitives.Min(targets) >= T.Zero && TensorPrimitives.Max(targets) <= most && (!areIds || T.IsInteger(targets[0])));
}
