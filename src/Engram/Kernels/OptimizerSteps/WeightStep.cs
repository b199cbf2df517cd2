using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Backends;
using Engram.Kernels.Lanes;

namespace Engram.Kernels.OptimizerSteps;

/// <summary>
/// What every optimizer does with weights and gradients: the gradient g is multiplied by the clipping factor first, and the weight by
/// 1 − η λ, which is the decoupled weight decay λ (Loshchilov &amp; Hutter 2019).
/// </summary>
internal readonly unsafe struct WeightStep<T, L>(T* weights, T* gradient, StepSize size)
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    private readonly T _scale = T.CreateTruncating(size.GradientScale), _keep = T.CreateTruncating(size.Keep);

    /// <summary>g, scaled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Gradient(long i) => L.Broadcast(_scale) * L.Load(gradient + i);

    /// <summary>w, decayed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Weight(long i) => L.Broadcast(_keep) * L.Load(weights + i);

    /// <summary>Writes w.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(long i, L value) => L.Store(weights + i, value);
}
