using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels.OptimizerSteps;

/// <summary>a ← a + share · (w − a): a running mean of weights; a share of 1 copies them exactly.</summary>
internal readonly unsafe struct AverageKernel<T, L>(T* average, T* weights, double share) : IElementKernel
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    private readonly T* _average = average, _weights = weights;
    private readonly double _share = share;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long from, long to)
    {
        L part = L.Broadcast(T.CreateTruncating(_share));
        for (long i = from; i < to; i += L.Count)
        {
            L w = L.Load(_weights + i), a = L.Load(_average + i);
            L.Store(_average + i, _share == 1 ? w : L.MultiplyAdd(part, w - a, a));
        }
    }
}
