using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// <c>target[row] = start[row] + a[row] · b</c> for a panel b of up to four vectors whose numbers are bfloat16: the upper half of a single. Two vectors
/// lie in one, lane by lane: the first in the lower halves, the second in the upper ones, so that a shift and a mask make singles of them. Sums are
/// single precision, in the order of <see cref="PanelKernel{T, L}"/>: the result is, to the bit, that of weights rounded to bfloat16 beforehand.
/// </summary>
internal static unsafe class HalfKernel<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    /// <summary>Numbers of 32 bits that hold so many vectors of one row.</summary>
    public static int RowLength(int vectors) => (vectors + 1) / 2 * L.Count;

    /// <summary>Rounds rows of so many vectors to the nearest bfloat16, to even where two are as near, and lays them in pairs.</summary>
    public static void Pack(float* source, long rows, int vectors, uint* target)
    {
        for (long row = 0; row < rows; row++)
        {
            for (int vector = 0; vector < vectors; vector += 2)
            {
                for (int lane = 0; lane < L.Count; lane++)
                {
                    float* at = source + vector * L.Count + lane;
                    *target++ = Rounded(*at) >> 16 | (vector + 1 < vectors ? Rounded(at[L.Count]) : 0);
                }
            }
            source += vectors * L.Count;
        }
    }

    /// <summary>The bits of the single that a bfloat16 stands for.</summary>
    public static uint Rounded(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (float.IsNaN(value) ? bits | 0x400000 : bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000;
    }

    /// <summary>Some rows; the strides are in elements, a row of b follows the other.</summary>
    public static void Run(int rows, int vectors, T* a, nint rowStride, int steps, uint* b, T* start, nint startStride, T* target, nint targetStride)
    {
        for (int row = 0; row < rows; row++)
        {
            if (vectors > 2)
            {
                RunFour(a, steps, b, start, target, vectors == 4);
            }
            else
            {
                RunTwo(a, steps, b, start, target, vectors == 2);
            }
            a += rowStride;
            start += startStride;
            target += targetStride;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunFour(T* a, int steps, uint* b, T* start, T* target, bool hasFourth)
    {
        L s0 = L.Load(start), s1 = L.Load(start + L.Count), s2 = L.Load(start + 2 * L.Count), s3 = hasFourth ? L.Load(start + 3 * L.Count) : default;
        for (int step = 0; step < steps; step++)
        {
            L x = L.Broadcast(a[step]);
            L.LoadHalves(b, out L b0, out L b1);
            L.LoadHalves(b + L.Count, out L b2, out L b3);
            s0 = L.MultiplyAdd(x, b0, s0);
            s1 = L.MultiplyAdd(x, b1, s1);
            s2 = L.MultiplyAdd(x, b2, s2);
            s3 = L.MultiplyAdd(x, b3, s3);
            b += 2 * L.Count;
        }
        L.Store(target, s0);
        L.Store(target + L.Count, s1);
        L.Store(target + 2 * L.Count, s2);
        if (hasFourth)
        {
            L.Store(target + 3 * L.Count, s3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunTwo(T* a, int steps, uint* b, T* start, T* target, bool hasSecond)
    {
        L s0 = L.Load(start), s1 = hasSecond ? L.Load(start + L.Count) : default;
        for (int step = 0; step < steps; step++)
        {
            L x = L.Broadcast(a[step]);
            L.LoadHalves(b, out L b0, out L b1);
            s0 = L.MultiplyAdd(x, b0, s0);
            s1 = L.MultiplyAdd(x, b1, s1);
            b += L.Count;
        }
        L.Store(target, s0);
        if (hasSecond)
        {
            L.Store(target + L.Count, s1);
        }
    }
}
