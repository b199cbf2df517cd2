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

    // What is no number may be lost here; its exponential is none either, and makes the sum none.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static T Largest(T* x, int count)
    {
        T largest = T.NegativeInfinity;
        int i = 0;
        if (count >= L.Count)
        {
            L most = L.Load(x);
            for (i = L.Count; i <= count - L.Count; i += L.Count)
            {
                most = L.AtLeast(most, L.Load(x + i));
            }
            T* lanes = (T*)&most;
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
