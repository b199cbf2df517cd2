using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engram.Kernels;

/// <summary>
/// <c>target[j, i] = source[i, j]</c>. The target is written line after line; every row of the source is read at the same time, so that the
/// processor waits for all of them together. In single precision squares of eight are turned within registers, where the processor can.
/// </summary>
internal static unsafe class Transposition<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int Square = 8;

    /// <param name="source">Row 0.</param>
    /// <param name="sourceStride">Elements from one row of the source to the next.</param>
    /// <param name="rows">Rows of the source, some tens at the most.</param>
    /// <param name="columns">Columns of the source.</param>
    /// <param name="target">Receives the columns as rows.</param>
    /// <param name="targetStride">Elements from one row of the target to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* source, nint sourceStride, int rows, int columns, T* target, nint targetStride)
    {
        int column = 0;
        if (typeof(T) == typeof(float) && Avx.IsSupported)
        {
            int wholeRows = rows / Square * Square;
            for (; column <= columns - Square; column += Square)
            {
                T* lines = target + column * targetStride;
                for (int row = 0; row < wholeRows; row += Square)
                {
                    Turn((float*)(source + row * sourceStride + column), sourceStride, (float*)(lines + row), targetStride);
                }
                RunOneByOne(source + wholeRows * sourceStride + column, sourceStride, rows - wholeRows, Square, lines + wholeRows, targetStride);
            }
        }
        RunOneByOne(source + column, sourceStride, rows, columns - column, target + column * targetStride, targetStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RunOneByOne(T* source, nint sourceStride, int rows, int columns, T* target, nint targetStride)
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

    /// <summary>Eight rows of eight: pairs of rows are merged by ones, then by twos, then by fours.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(float* source, nint stride, float* target, nint targetStride)
    {
        Vector256<float> a = Vector256.Load(source), b = Vector256.Load(source + stride), c = Vector256.Load(source + 2 * stride), d = Vector256.Load(source + 3 * stride);
        Vector256<float> e = Vector256.Load(source + 4 * stride), f = Vector256.Load(source + 5 * stride), g = Vector256.Load(source + 6 * stride), h = Vector256.Load(source + 7 * stride);
        (a, b, c, d) = (Avx.UnpackLow(a, b), Avx.UnpackHigh(a, b), Avx.UnpackLow(c, d), Avx.UnpackHigh(c, d));
        (e, f, g, h) = (Avx.UnpackLow(e, f), Avx.UnpackHigh(e, f), Avx.UnpackLow(g, h), Avx.UnpackHigh(g, h));
        (a, b, c, d) = (Avx.Shuffle(a, c, 0x44), Avx.Shuffle(a, c, 0xEE), Avx.Shuffle(b, d, 0x44), Avx.Shuffle(b, d, 0xEE));
        (e, f, g, h) = (Avx.Shuffle(e, g, 0x44), Avx.Shuffle(e, g, 0xEE), Avx.Shuffle(f, h, 0x44), Avx.Shuffle(f, h, 0xEE));
        Avx.Permute2x128(a, e, 0x20).Store(target);
        Avx.Permute2x128(b, f, 0x20).Store(target + targetStride);
        Avx.Permute2x128(c, g, 0x20).Store(target + 2 * targetStride);
        Avx.Permute2x128(d, h, 0x20).Store(target + 3 * targetStride);
        Avx.Permute2x128(a, e, 0x31).Store(target + 4 * targetStride);
        Avx.Permute2x128(b, f, 0x31).Store(target + 5 * targetStride);
        Avx.Permute2x128(c, g, 0x31).Store(target + 6 * targetStride);
        Avx.Permute2x128(d, h, 0x31).Store(target + 7 * targetStride);
    }
}
