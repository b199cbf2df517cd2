using System.Numerics;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>A nonlinearity φ on lanes.</summary>
internal interface IActivation<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    /// <summary>φ of x clipped to ±clip.</summary>
    static abstract L Apply(L x, L clip);

    /// <summary>δy ⊙ φ'(x), from y = φ(x).</summary>
    static abstract L Backward(L y, L gradient);
}
