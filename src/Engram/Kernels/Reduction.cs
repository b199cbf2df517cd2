using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Backends;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// Sums in one fixed order: element i belongs to chain i mod 64, a chain adds from left to right, and the chains are added up in
/// order in double precision. A long sum is cut into sections by its length alone, which threads may share. Neither they nor the width of vectors
/// change a bit of it.
/// </summary>
internal static unsafe class Reduction<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    private const int Chains = 64;

    /// <summary>Elements after which the chains are emptied into the double, so that long sums keep their precision.</summary>
    private const int Block = 64 * 1024;

    /// <summary>The most sections that a sum is cut into.</summary>
    private const int MostSections = 256;

    /// <summary>Σ x.</summary>
    public static double Sum(T* x, long count) => Run(x, null, count);

    /// <summary>Σ x².</summary>
    public static double SumOfSquares(T* x, long count) => Run(x, x, count);

    /// <summary>Σ x ⊙ y.</summary>
    public static double Dot(T* x, T* y, long count) => Run(x, y, count);

    /// <summary>Σ x, or Σ x ⊙ y where there is a y, sections shared among workers.</summary>
    public static double Run(Workers workers, T* x, T* y, long count)
    {
        long blocks = (count + Block - 1) / Block;
        double* sums = stackalloc double[MostSections];
        var job = new Job { X = x, Y = y, Count = count, Sums = sums, Section = Math.Max(1, (blocks + MostSections - 1) / MostSections) * Block };
        int sections = (int)((count + job.Section - 1) / job.Section);
        workers.Run(sections, &RunSection, &job);
        double total = 0;
        for (int section = 0; section < sections; section++)
        {
            total += sums[section];
        }
        return total;
    }

    private static void RunSection(void* state, int section)
    {
        var job = (Job*)state;
        long first = section * job->Section, length = Math.Min(job->Section, job->Count - first);
        job->Sums[section] = Run(job->X + first, job->Y is null ? null : job->Y + first, length);
    }

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

    private struct Job
    {
        public T* X, Y;
        public double* Sums;
        public long Count, Section;
    }
}
