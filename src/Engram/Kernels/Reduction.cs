using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// Sums in one fixed order: element i belongs to chain i mod 64, a chain adds from left to right, and the chains are added up in
/// order in double precision. Neither threads nor the width of vectors change a bit of it.
/// </summary>
internal static unsafe class Reduction<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    private const int Chains = 64;

    /// <summary>Elements after which the chains are emptied into the double, so that long sums keep their precision.</summary>
    private const int Block = 64 * 1024;

    /// <summary>Σ x.</summary>
    public static double Sum(T* x, long count) => Run(x, null, count);

    /// <summary>Σ x².</summary>
    public static double SumOfSquares(T* x, long count) => Run(x, x, count);

    /// <summary>Σ x ⊙ y.</summary>
    public static double Dot(T* x, T* y, long count) => Run(x, y, count);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Run(T* x, T* y, long count)
    {
        T* chains = stackalloc T[Chains];
        double total = 0;
        for (long block = 0; block < count; block += Block)
        {
            long end = Math.Min(count, block + Block);
            new Span<T>(chains, Chains).Clear();
            long i = block;
            for (; i <= end - Chains; i += Chains)
            {
                for (int lane = 0; lane < Chains; lane += L.Count)
                {
                    L value = L.Load(x + i + lane);
                    L.Store(chains + lane, L.Load(chains + lane) + (y is null ? value : value * L.Load(y + i + lane)));
                }
            }
            for (; i < end; i++)
            {
                chains[i % Chains] += y is null ? x[i] : x[i] * y[i];
            }
            for (int chain = 0; chain < Chains; chain++)
            {
                total += double.CreateTruncating(chains[chain]);
            }
        }
        return total;
    }
}
