using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// σ, tanh and exp on lanes. One polynomial serves all three:
/// <code>
///   n = round(x / ln 2),   r = x − n·ln 2,   |r| ≤ ln 2 / 2
///   p = eʳ − 1                                Taylor's series: degree 7 in float, 13 in double
///   eˣ     = 2ⁿ·p + 2ⁿ                        exact relative to itself everywhere
///   eˣ − 1 = 2ⁿ·p + (2ⁿ − 1)                  exact relative to x near 0, where n = 0
/// </code>
/// The error is below 2.5e-7 absolute in float; near zero tanh is relatively exact to a few units in the last place.
/// </summary>
internal static class Activate<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    private static bool IsSingle
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float);
    }

    /// <summary>σ(x) = 1 / (1 + e⁻ˣ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Sigmoid(L x) => SigmoidWithin(x, SigmoidBound);

    /// <summary>tanh x = E / (E + 2) with E = e²ˣ − 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Tanh(L x) => TanhWithin(x, TanhBound);

    /// <summary>σ of x clipped to ±clip, at no other cost: x is bounded anyway.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Sigmoid(L x, L clip) => SigmoidWithin(x, L.AtMost(SigmoidBound, clip));

    /// <summary>tanh of x clipped to ±clip, at no other cost: x is bounded anyway.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Tanh(L x, L clip) => TanhWithin(x, L.AtMost(TanhBound, clip));

    /// <summary>Beyond this σ is 0 or 1 to the last bit of float (double), and eˣ would leave the range.</summary>
    private static L SigmoidBound
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => L.Constant(IsSingle ? 87 : 700);
    }

    /// <summary>Beyond ±9.02 (±19.1) tanh is ±1 to the last bit.</summary>
    private static L TanhBound
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => L.Constant(IsSingle ? 10 : 21);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L SigmoidWithin(L x, L bound) => L.Reciprocal(L.Constant(1) + ExpOf(Clamp(L.Constant(0) - x, bound)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L TanhWithin(L x, L bound)
    {
        L bounded = Clamp(x, bound);
        (L p, L scale) = Reduce(bounded + bounded);
        L e = L.MultiplyAdd(scale, p, scale - L.Constant(1));
        L d = e + L.Constant(2);
        return e / d;
    }

    /// <summary>eˣ, for x clamped to the exponents of normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Exp(L x) => ExpOf(Clamp(x, SigmoidBound));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Clamp(L x, L bound) => L.AtLeast(L.Constant(0) - bound, L.AtMost(bound, x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L ExpOf(L bounded)
    {
        (L p, L scale) = Reduce(bounded);
        return L.MultiplyAdd(scale, p, scale);
    }

    /// <summary>p and 2ⁿ of the equations above.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (L P, L Scale) Reduce(L x)
    {
        // Adding and taking away 1.5 · 2²³ (2⁵²) rounds to the nearest whole number.
        L magic = L.Constant(IsSingle ? 12582912.0 : 6755399441055744.0);
        L n = L.MultiplyAdd(x, L.Constant(1.4426950408889634), magic) - magic;

        // ln 2 in two parts, the first with few bits, so that n times it is exact.
        L r = L.MultiplyAdd(n, L.Constant(IsSingle ? -0.693359375 : -0.693147180369123816490), x);
        r = L.MultiplyAdd(n, L.Constant(IsSingle ? 2.12194440054690583e-4 : -1.90821492927058770002e-10), r);

        // p = r + r²·(1/2! + r/3! + r²/4! + …)
        L p;
        if (IsSingle)
        {
            p = L.Constant(1.0 / 5040);
        }
        else
        {
            p = L.Constant(1.0 / 6227020800);
            p = L.MultiplyAdd(p, r, L.Constant(1.0 / 479001600));
            p = L.MultiplyAdd(p, r, L.Constant(1.0 / 39916800));
            p = L.MultiplyAdd(p, r, L.Constant(1.0 / 3628800));
            p = L.MultiplyAdd(p, r, L.Constant(1.0 / 362880));
            p = L.MultiplyAdd(p, r, L.Constant(1.0 / 40320));
            p = L.MultiplyAdd(p, r, L.Constant(1.0 / 5040));
        }
        p = L.MultiplyAdd(p, r, L.Constant(1.0 / 720));
        p = L.MultiplyAdd(p, r, L.Constant(1.0 / 120));
        p = L.MultiplyAdd(p, r, L.Constant(1.0 / 24));
        p = L.MultiplyAdd(p, r, L.Constant(1.0 / 6));
        p = L.MultiplyAdd(p, r, L.Constant(0.5));
        p = L.MultiplyAdd(p * r, r, r);

        return (p, L.PowerOfTwo(n));
    }
}
