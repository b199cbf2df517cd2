using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Backends;
using Engram.Kernels.Lanes;

namespace Engram.Kernels.OptimizerSteps;

/// <summary>
/// <code>
///   plain       w ← w − η g
///   momentum    v ← μ v − η g,   w ← w + v
///   Nesterov    v ← μ v − η g,   w ← w + μ v − η g
/// </code>
/// </summary>
internal readonly unsafe struct SgdKernel<T, L>(T* weights, T* gradient, T* velocity, SgdStep step) : IElementKernel
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    private readonly WeightStep<T, L> _w = new(weights, gradient, step.Size);
    private readonly T* _velocity = velocity;
    private readonly SgdStep _step = step;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long from, long to)
    {
        L minusRate = L.Broadcast(T.CreateTruncating(-_step.Size.LearningRate)), momentum = L.Broadcast(T.CreateTruncating(_step.Momentum));
        for (long i = from; i < to; i += L.Count)
        {
            L move = minusRate * _w.Gradient(i);
            if (_velocity is not null)
            {
                L v = momentum * L.Load(_velocity + i) + move;
                L.Store(_velocity + i, v);
                move = _step.Nesterov ? momentum * v + move : v;
            }
            _w.Store(i, _w.Weight(i) + move);
        }
    }
}
