using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Backends;
using Engram.Kernels.Lanes;

namespace Engram.Kernels.OptimizerSteps;

/// <summary>
/// Tieleman &amp; Hinton 2012; centred and with momentum as in Graves 2013, equations 38 to 41:
/// <code>
///   n ← ρ n + (1 − ρ) g²        centred: a ← ρ a + (1 − ρ) g, else a = 0
///   d = η g / √(n − a² + ε)
///   plain: w ← w − d            momentum: v ← μ v − d,  w ← w + v
/// </code>
/// </summary>
internal readonly unsafe struct RmsPropKernel<T, L>(T* weights, T* gradient, T* squares, T* mean, T* velocity, RmsPropStep step) : IElementKernel
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    private readonly WeightStep<T, L> _w = new(weights, gradient, step.Size);
    private readonly T* _squares = squares, _mean = mean, _velocity = velocity;
    private readonly RmsPropStep _step = step;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long from, long to)
    {
        L rho = L.Broadcast(T.CreateTruncating(_step.Decay)), rest = L.Broadcast(T.CreateTruncating(1 - _step.Decay));
        L minusRate = L.Broadcast(T.CreateTruncating(-_step.Size.LearningRate)), momentum = L.Broadcast(T.CreateTruncating(_step.Momentum));
        L epsilon = L.Broadcast(T.CreateTruncating(_step.Epsilon)), zero = L.Constant(0);
        for (long i = from; i < to; i += L.Count)
        {
            L g = _w.Gradient(i);
            L n = L.MultiplyAdd(rho, L.Load(_squares + i), rest * (g * g)), spread = n;
            L.Store(_squares + i, n);
            if (_mean is not null)
            {
                L a = L.MultiplyAdd(rho, L.Load(_mean + i), rest * g);
                L.Store(_mean + i, a);
                spread = L.AtLeast(zero, n - a * a); // rounding may leave a little less than nothing
            }
            L move = minusRate * g / L.Sqrt(spread + epsilon);
            if (_velocity is not null)
            {
                move = L.MultiplyAdd(momentum, L.Load(_velocity + i), move);
                L.Store(_velocity + i, move);
            }
            _w.Store(i, _w.Weight(i) + move);
        }
    }
}
