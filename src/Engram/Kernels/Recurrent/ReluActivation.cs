using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>φ = max(0, x), φ' = 1 above zero, else 0.</summary>
internal readonly struct ReluActivation<T, L> : IActivation<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Apply(L x, L clip) => L.AtMost(clip, L.AtLeast(L.Constant(0), x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Backward(L y, L gradient) => L.WherePositive(y, gradient, L.Constant(0));
}
