using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Backends;
using Engram.Kernels.Lanes;

namespace Engram.Kernels.OptimizerSteps;

/// <summary>Duchi et al. 2011, figure 1 with diagonal matrices: s ← s + g²,  w ← w − η g / (√s + ε).</summary>
internal readonly unsafe struct AdagradKernel<T, L>(T* weights, T* gradient, T* squares, AdagradStep step) : IElementKernel
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    private readonly WeightStep<T, L> _w = new(weights, gradient, step.Size);
    private readonly T* _squares = squares;
    private readonly AdagradStep _step = step;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long from, long to)
    {
        L minusRate = L.Broadcast(T.CreateTruncating(-_step.Size.LearningRate)), epsilon = L.Broadcast(T.CreateTruncating(_step.Epsilon));
        for (long i = from; i < to; i += L.Count)
        {
            L g = _w.Gradient(i);
            L s = L.MultiplyAdd(g, g, L.Load(_squares + i));
            L.Store(_squares + i, s);
            _w.Store(i, L.MultiplyAdd(minusRate, g / (L.Sqrt(s) + epsilon), _w.Weight(i)));
        }
    }
}
