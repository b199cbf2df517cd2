using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Backends;
using Engram.Kernels.Lanes;

namespace Engram.Kernels.OptimizerSteps;

/// <summary>
/// Dozat 2016, algorithm 2, with a and b the factors that its momentum schedule gives to gradient and first moment:
/// <code>
///   m ← β₁ m + (1 − β₁) g       v ← β₂ v + (1 − β₂) g²
///   w ← w − η (a g + b m) / (√(v / (1 − β₂ᵗ)) + ε)
/// </code>
/// </summary>
internal readonly unsafe struct NadamKernel<T, L>(T* weights, T* gradient, T* first, T* second, NadamStep step) : IElementKernel
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    private readonly WeightStep<T, L> _w = new(weights, gradient, step.Size);
    private readonly T* _first = first, _second = second;
    private readonly NadamStep _step = step;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run(long from, long to)
    {
        L beta1 = L.Broadcast(T.CreateTruncating(_step.Beta1)), rest1 = L.Broadcast(T.CreateTruncating(1 - _step.Beta1));
        L beta2 = L.Broadcast(T.CreateTruncating(_step.Beta2)), rest2 = L.Broadcast(T.CreateTruncating(1 - _step.Beta2));
        L ofGradient = L.Broadcast(T.CreateTruncating(-_step.Size.LearningRate * _step.GradientFactor));
        L ofMoment = L.Broadcast(T.CreateTruncating(-_step.Size.LearningRate * _step.MomentFactor));
        L correction = L.Broadcast(T.CreateTruncating(1 / (1 - Math.Pow(_step.Beta2, _step.Step))));
        L epsilon = L.Broadcast(T.CreateTruncating(_step.Epsilon));
        for (long i = from; i < to; i += L.Count)
        {
            L g = _w.Gradient(i);
            L m = L.MultiplyAdd(beta1, L.Load(_first + i), rest1 * g);
            L v = L.MultiplyAdd(beta2, L.Load(_second + i), rest2 * (g * g));
            L.Store(_first + i, m);
            L.Store(_second + i, v);
            L move = L.MultiplyAdd(ofGradient, g, ofMoment * m) / (L.Sqrt(correction * v) + epsilon);
            _w.Store(i, _w.Weight(i) + move);
        }
    }
}
