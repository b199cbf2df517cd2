using System.Runtime.CompilerServices;
using Engram.Backends;
using Engram.Kernels.Lanes;

namespace Engram.Workloads;

/// <summary>How many bytes a second come from memory: the sum of 256 MB that no cache holds. Weights that are read once for each step, as in a stream, come no faster.</summary>
internal static unsafe class MemoryBandwidth
{
    private const int Floats = 64 << 20, Rounds = 4;

    /// <summary>Bytes per second of so many threads together.</summary>
    public static double Measure(int threads) => CpuBackend.WidestTier switch
    {
        InstructionTier.Vector512 => Measure<Lanes512<float>>(threads),
        InstructionTier.Vector256 => Measure<Lanes256<float>>(threads),
        InstructionTier.Vector128 => Measure<Lanes128<float>>(threads),
        _ => Measure<Lane<float>>(threads),
    };

    private static double Measure<L>(int threads)
        where L : unmanaged, ILanes<L, float>
    {
        float[] values = new float[Floats];
        values.AsSpan().Fill(1); // pages that were never written are read from nowhere
        int part = Floats / threads / (4 * L.Count) * (4 * L.Count);
        float[] sums = new float[threads];
        double seconds = SideBySide.BestSeconds(threads, Rounds, thread =>
        {
            fixed (float* first = values)
            {
                sums[thread] = Sum<L>(first + (nint)thread * part, part);
            }
        });
        return (double)part * threads * sizeof(float) / seconds;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Sum<L>(float* values, int count)
        where L : unmanaged, ILanes<L, float>
    {
        L s0 = L.Broadcast(0), s1 = s0, s2 = s0, s3 = s0;
        for (float* end = values + count; values < end; values += 4 * L.Count)
        {
            s0 += L.Load(values);
            s1 += L.Load(values + L.Count);
            s2 += L.Load(values + 2 * L.Count);
            s3 += L.Load(values + 3 * L.Count);
        }
        return L.Sum(s0 + s1 + s2 + s3);
    }
}
