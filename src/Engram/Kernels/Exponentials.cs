using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// What a softmax divides, without the division: with m = max x
/// <code>
///   eᵢ = exp(xᵢ − m),   s = Σ eᵢ        so that softmax xᵢ = eᵢ / s and log Σ exp xᵢ = m + log s
/// </code>
/// No exponential is above 1, so nothing overflows. The sum has the order of <see cref="Reduction{T, L}"/>.
/// </summary>
internal static unsafe class Exponentials<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    private const int Chains = 64;

    /// <summary>m and s; the exponentials too where there is room for them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (double Largest, double Sum) Run(T* x, int count, T* exponentials)
    {
        T largest = Largest(x, count);
        L shift = L.Broadcast(largest);
        T* chains = stackalloc T[Chains], rest = stackalloc T[Chains];
        int i = 0;
        for (; i <= count - Chains; i += Chains)
        {
            for (int lane = 0; lane < Chains; lane += L.Count)
            {
                L e = Activate<T, L>.Exp(L.Load(x + i + lane) - shift);
                L.Store(chains + lane, i == 0 ? e : L.Load(chains + lane) + e);
                if (exponentials is not null)
                {
                    L.Store(exponentials + i + lane, e);
                }
            }
        }
        int left = count - i;
        new ReadOnlySpan<T>(x + i, left).CopyTo(new Span<T>(rest, Chains));
        for (int lane = 0; lane < left; lane += L.Count)
        {
            L.Store(rest + lane, Activate<T, L>.Exp(L.Load(rest + lane) - shift));
        }
        for (int lane = 0; lane < left; lane++)
        {
            chains[lane] = i == 0 ? rest[lane] : chains[lane] + rest[lane];
            if (exponentials is not null)
            {
                exponentials[i + lane] = rest[lane];
            }
        }
        double sum = 0;
        for (int chain = 0; chain < Math.Min(count, Chains); chain++)
        {
            sum += double.CreateTruncating(chains[chain]);
        }
        return (double.CreateTruncating(largest), sum);
    }

    /// <summary>x ← factor · x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Scale(T* x, int count, T factor)
    {
        L factors = L.Broadcast(factor);
        int i = 0;
        for (; i <= count - L.Count; i += L.Count)
        {
            L.Store(x + i, L.Load(x + i) * factors);
        }
        for (; i < count; i++)
        {
            x[i] *= factor;
        }
    }

    // What is no number may be lost here; its exponential is none either, and makes the sum none.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Largest(T* x, int count)
    {
        T largest = T.NegativeInfinity;
        int i = 0;
        if (count >= 4 * L.Count)
        {
            // Four chains, so that none waits for itself.
            L a = L.Load(x), b = L.Load(x + L.Count), c = L.Load(x + 2 * L.Count), d = L.Load(x + 3 * L.Count);
            for (i = 4 * L.Count; i <= count - 4 * L.Count; i += 4 * L.Count)
            {
                a = L.AtLeast(a, L.Load(x + i));
                b = L.AtLeast(b, L.Load(x + i + L.Count));
                c = L.AtLeast(c, L.Load(x + i + 2 * L.Count));
                d = L.AtLeast(d, L.Load(x + i + 3 * L.Count));
            }
            a = L.AtLeast(L.AtLeast(a, b), L.AtLeast(c, d));
            T* lanes = (T*)&a;
            for (int lane = 0; lane < L.Count; lane++)
            {
                largest = T.Max(largest, lanes[lane]);
            }
        }
        for (; i < count; i++)
        {
            largest = T.Max(largest, x[i]);
        }
        return largest;
    }
}
