using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>φ = tanh, φ' = 1 − y².</summary>
internal readonly struct TanhActivation<T, L> : IActivation<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Apply(L x, L clip) => Activate<T, L>.Tanh(x, clip);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Backward(L y, L gradient) => gradient * (L.Constant(1) - y * y);
}
