using System.Runtime.CompilerServices;
using Engram.Backends;
using Engram.Kernels.Lanes;

namespace Engram.Workloads;

/// <summary>
/// How many floating-point operations a second the processor can do at most: twelve independent chains a ← a · b + c that never leave the registers, which is what products
/// are held against. An operation is a multiplication or an addition.
/// </summary>
internal static class FmaPeak
{
    private const int Chains = 12, Rounds = 200;

    /// <summary>Operations per second of so many threads together, in the vectors of a tier.</summary>
    public static double Measure(InstructionTier tier, int threads) => tier switch
    {
        InstructionTier.Vector512 => Measure<Lanes512<float>>(threads),
        InstructionTier.Vector256 => Measure<Lanes256<float>>(threads),
        InstructionTier.Vector128 => Measure<Lanes128<float>>(threads),
        _ => Measure<Lane<float>>(threads),
    };

    private static double Measure<L>(int threads)
        where L : unmanaged, ILanes<L, float>
    {
        const long repeats = 400_000; // about a millisecond, which a busy machine gives undisturbed now and then
        float[] sums = new float[threads];
        double seconds = SideBySide.BestSeconds(threads, Rounds, thread => sums[thread] = Run<L>(repeats));
        return 2.0 * Chains * L.Count * repeats * threads / seconds;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Run<L>(long repeats)
        where L : unmanaged, ILanes<L, float>
    {
        L b = L.Broadcast(0.999f), c = L.Broadcast(0.001f);
        L a0 = L.Broadcast(0), a1 = L.Broadcast(1), a2 = L.Broadcast(2), a3 = L.Broadcast(3), a4 = L.Broadcast(4), a5 = L.Broadcast(5);
        L a6 = L.Broadcast(6), a7 = L.Broadcast(7), a8 = L.Broadcast(8), a9 = L.Broadcast(9), a10 = L.Broadcast(10), a11 = L.Broadcast(11);
        for (long i = 0; i < repeats; i++)
        {
            a0 = L.MultiplyAdd(a0, b, c);
            a1 = L.MultiplyAdd(a1, b, c);
            a2 = L.MultiplyAdd(a2, b, c);
            a3 = L.MultiplyAdd(a3, b, c);
            a4 = L.MultiplyAdd(a4, b, c);
            a5 = L.MultiplyAdd(a5, b, c);
            a6 = L.MultiplyAdd(a6, b, c);
            a7 = L.MultiplyAdd(a7, b, c);
            a8 = L.MultiplyAdd(a8, b, c);
            a9 = L.MultiplyAdd(a9, b, c);
            a10 = L.MultiplyAdd(a10, b, c);
            a11 = L.MultiplyAdd(a11, b, c);
        }
        return L.Sum(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9 + a10 + a11);
    }
}
