using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engram.Kernels;

/// <summary>
/// <c>target[j, i] = source[i, j]</c>. The target is written line after line; every row of the source is read at the same time, so that the
/// processor waits for all of them together.
/// </summary>
internal static unsafe class Transposition<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <param name="source">Row 0.</param>
    /// <param name="sourceStride">Elements from one row of the source to the next.</param>
    /// <param name="rows">Rows of the source, some tens at the most.</param>
    /// <param name="columns">Columns of the source.</param>
    /// <param name="target">Receives the columns as rows.</param>
    /// <param name="targetStride">Elements from one row of the target to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* source, nint sourceStride, int rows, int columns, T* target, nint targetStride)
    {
        for (int column = 0; column < columns; column++)
        {
            T* from = source + column, to = target, end = target + rows;
            while (to < end)
            {
                *to++ = *from;
                from += sourceStride;
            }
            target += targetStride;
        }
    }
}
