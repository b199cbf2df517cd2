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
    public static void Sigmoid(T* x, T* y, long count) => Map(default(SigmoidFunction), x, y, count);

    /// <summary>y = tanh x; y may be x.</summary>
    public static void Tanh(T* x, T* y, long count) => Map(default(TanhFunction), x, y, count);

    /// <summary>y = a x; y may be x.</summary>
    public static void Scale(T a, T* x, T* y, long count) => Map(new Multiple(L.Broadcast(a)), x, y, count);

    /// <summary>yᵢ = e^(xᵢ − max x) / Σⱼ e^(xⱼ − max x), for one row; y may be x.</summary>
    public static void Softmax(T* x, T* y, int count)
    {
        (_, double sum) = Exponentials<T, L>.Run(x, count, y);
        Map(new Quotient(L.Broadcast(T.CreateTruncating(sum))), y, y, count);
    }

    /// <summary>y = f(x), the last lanes by way of a vector that is not full.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Map<TFunction>(TFunction f, T* x, T* y, long count)
        where TFunction : struct, IFunction
    {
        long i = 0;
        for (; i <= count - L.Count; i += L.Count)
        {
            L.Store(y + i, f.Of(L.Load(x + i)));
        }
        if (i < count)
        {
            L rest = default;
            Unsafe.CopyBlockUnaligned(&rest, x + i, (uint)((count - i) * sizeof(T)));
            rest = f.Of(rest);
            Unsafe.CopyBlockUnaligned(y + i, &rest, (uint)((count - i) * sizeof(T)));
        }
    }

    private interface IFunction
    {
        L Of(L x);
    }

    private readonly struct SigmoidFunction : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Of(L x) => Activate<T, L>.Sigmoid(x);
    }

    private readonly struct TanhFunction : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Of(L x) => Activate<T, L>.Tanh(x);
    }

    private readonly struct Multiple(L a) : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Of(L x) => a * x;
    }

    private readonly struct Quotient(L divisor) : IFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Of(L x) => x / divisor;
    }
}
