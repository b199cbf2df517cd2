using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Backends;
using Engram.Kernels.Lanes;

namespace Engram.Kernels.OptimizerSteps;

/// <summary>
/// Kingma &amp; Ba 2014, algorithm 1, with the bias corrections drawn into the step size:
/// <code>
///   m ← β₁ m + (1 − β₁) g       v ← β₂ v + (1 − β₂) g²
///   w ← w − η √(1 − β₂ᵗ)/(1 − β₁ᵗ) · m / (√v + ε √(1 − β₂ᵗ))
/// </code>
/// </summary>
internal readonly unsafe struct AdamKernel<T, L>(T* weights, T* gradient, T* first, T* second, AdamStep step) : IElementKernel
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    private readonly WeightStep<T, L> _w = new(weights, gradient, step.Size);
    private readonly T* _first = first, _second = second;
    private readonly AdamStep _step = step;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long from, long to)
    {
        double correction = Math.Sqrt(1 - Math.Pow(_step.Beta2, _step.Step));
        double rate = _step.Size.LearningRate * correction / (1 - Math.Pow(_step.Beta1, _step.Step));
        L beta1 = L.Broadcast(T.CreateTruncating(_step.Beta1)), rest1 = L.Broadcast(T.CreateTruncating(1 - _step.Beta1));
        L beta2 = L.Broadcast(T.CreateTruncating(_step.Beta2)), rest2 = L.Broadcast(T.CreateTruncating(1 - _step.Beta2));
        L minusRate = L.Broadcast(T.CreateTruncating(-rate)), epsilon = L.Broadcast(T.CreateTruncating(_step.Epsilon * correction));
        for (long i = from; i < to; i += L.Count)
        {
            L g = _w.Gradient(i);
            L m = L.MultiplyAdd(beta1, L.Load(_first + i), rest1 * g);
            L v = L.MultiplyAdd(beta2, L.Load(_second + i), rest2 * (g * g));
            L.Store(_first + i, m);
            L.Store(_second + i, v);
            _w.Store(i, L.MultiplyAdd(minusRate, m / (L.Sqrt(v) + epsilon), _w.Weight(i)));
        }
    }
}
