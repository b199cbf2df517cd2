using System.Numerics;

namespace Engram.Kernels.Losses;

/// <summary>
/// A loss that is a mean of terms which each belong to one row: one sequence, or one step of one. A struct holds its equations;
/// <see cref="LossWalk{T, TLoss}"/> does the rest: rows, masks, threads and the mean.
/// </summary>
internal unsafe interface IRowLoss<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Terms that a row adds to the mean: one for each element, or one in all.</summary>
    int Terms { get; }

    /// <summary>The sum of a row's terms.</summary>
    /// <param name="predicted">The row of the prediction.</param>
    /// <param name="target">The row of the target.</param>
    /// <param name="gradient">Receives the derivative of the sum by the prediction, times <paramref name="scale"/>; null where none is wanted.</param>
    /// <param name="scale">What the mean divides by, as a factor.</param>
    double Row(T* predicted, T* target, T* gradient, T scale);
}
