using System.Numerics;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>Sums over the units of one row, whose vectors lie a stride apart; what pads the last vector is left out.</summary>
internal static unsafe class RowSums<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    /// <summary>Σ a.</summary>
    public static T Sum(T* a, nint stride, int units)
    {
        L sums = L.Constant(0);
        T tail = T.Zero;
        for (; units >= L.Count; units -= L.Count, a += stride)
        {
            sums += L.Load(a);
        }
        for (int i = 0; i < units; i++)
        {
            tail += a[i];
        }
        return L.Sum(sums) + tail;
    }

    /// <summary>Σ (a − mean)².</summary>
    public static T SquaredDeviations(T* a, nint stride, int units, T mean)
    {
        L sums = L.Constant(0), center = L.Broadcast(mean);
        T tail = T.Zero;
        for (; units >= L.Count; units -= L.Count, a += stride)
        {
            L deviation = L.Load(a) - center;
            sums = L.MultiplyAdd(deviation, deviation, sums);
        }
        for (int i = 0; i < units; i++)
        {
            T deviation = a[i] - mean;
            tail += deviation * deviation;
        }
        return L.Sum(sums) + tail;
    }

    /// <summary>Σ a ⊙ b.</summary>
    public static T Dot(T* a, nint aStride, T* b, nint bStride, int units)
    {
        L sums = L.Constant(0);
        T tail = T.Zero;
        for (; units >= L.Count; units -= L.Count, a += aStride, b += bStride)
        {
            sums = L.MultiplyAdd(L.Load(a), L.Load(b), sums);
        }
        for (int i = 0; i < units; i++)
        {
            tail += a[i] * b[i];
        }
        return L.Sum(sums) + tail;
    }
}
