using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>Activations over arrays.</summary>
internal static unsafe class Elementwise<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    /// <summary>y = σ(x); y may be x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sigmoid(T* x, T* y, long count)
    {
        long i = 0;
        for (; i <= count - L.Count; i += L.Count)
        {
            L.Store(y + i, Activate<T, L>.Sigmoid(L.Load(x + i)));
        }
        if (i < count)
        {
            L rest = default;
            Unsafe.CopyBlockUnaligned(&rest, x + i, (uint)((count - i) * sizeof(T)));
            rest = Activate<T, L>.Sigmoid(rest);
            Unsafe.CopyBlockUnaligned(y + i, &rest, (uint)((count - i) * sizeof(T)));
        }
    }

    /// <summary>y = tanh x; y may be x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tanh(T* x, T* y, long count)
    {
        long i = 0;
        for (; i <= count - L.Count; i += L.Count)
        {
            L.Store(y + i, Activate<T, L>.Tanh(L.Load(x + i)));
        }
        if (i < count)
        {
            L rest = default;
            Unsafe.CopyBlockUnaligned(&rest, x + i, (uint)((count - i) * sizeof(T)));
            rest = Activate<T, L>.Tanh(rest);
            Unsafe.CopyBlockUnaligned(y + i, &rest, (uint)((count - i) * sizeof(T)));
        }
    }

    /// <summary>yᵢ = e^(xᵢ − max x) / Σⱼ e^(xⱼ − max x), for one row; y may be x. The sum runs from left to right.</summary>
    public static void Softmax(T* x, T* y, int count)
    {
        T largest = T.NegativeInfinity;
        for (int i = 0; i < count; i++)
        {
            largest = T.Max(largest, x[i]);
        }
        T sum = T.Zero;
        for (int i = 0; i < count; i++)
        {
            L e = Activate<T, L>.Exp(L.Broadcast(x[i] - largest));
            y[i] = *(T*)&e;
            sum += y[i];
        }
        for (int i = 0; i < count; i++)
        {
            y[i] /= sum;
        }
    }
}
