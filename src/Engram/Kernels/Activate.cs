using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// σ, tanh and exp on lanes. One polynomial serves all three:
/// <code>
///   n = round(x / ln 2),   r = x − n·ln 2,   |r| ≤ ln 2 / 2
///   p = eʳ − 1 = r + r²·q(r)                  q in float: degree 4, minimax, off by less than 4.5e-9 of eʳ; in double Taylor's series to degree 11
///   eˣ     = 2ⁿ·(1 + p)                       exact relative to itself everywhere
///   eˣ − 1 = 2ⁿ·p + (2ⁿ − 1)                  exact relative to x near 0, where n = 0
/// </code>
/// The error is below 4e-7 absolute in float; that of tanh and exp also relative, everywhere.
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
    private static L SigmoidWithin(L x, L bound)
    {
        L bounded = Clamp(L.Constant(0) - x, bound), n = Whole(bounded);
        return L.Reciprocal(L.Constant(1) + L.TimesPowerOfTwo(OnePlusP(Remainder(bounded, n)), n));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L TanhWithin(L x, L bound)
    {
        L bounded = Clamp(x + x, bound + bound), n = Whole(bounded), r = Remainder(bounded, n), power = L.TimesPowerOfTwo(L.Constant(1), n);
        L e = L.MultiplyAdd(power, L.MultiplyAdd(Q(r) * r, r, r), power - L.Constant(1));
        return L.Quotient(e, e + L.Constant(2));
    }

    /// <summary>eˣ, for x clamped to the exponents of normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Exp(L x)
    {
        L bounded = Clamp(x, SigmoidBound), n = Whole(bounded);
        // ln 2 in two parts, the first with few bits, so that n times it is exact.
        L r = L.MultiplyAdd(n, L.Constant(IsSingle ? -0.693359375 : -0.693147180369123816490), bounded);
        r = L.MultiplyAdd(n, L.Constant(IsSingle ? 2.12194440054690583e-4 : -1.90821492927058770002e-10), r);
        return L.TimesPowerOfTwo(OnePlusP(r), n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Clamp(L x, L bound) => L.AtLeast(L.Constant(0) - bound, L.AtMost(bound, x));

    /// <summary>n: adding and taking away 1.5 · 2²³ (2⁵²) rounds to the nearest whole number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Whole(L x)
    {
        L magic = L.Constant(IsSingle ? 12582912.0 : 6755399441055744.0);
        return L.MultiplyAdd(x, L.Constant(1.4426950408889634), magic) - magic;
    }

    /// <summary>r with ln 2 as it is: good enough for σ and tanh, which hardly change where n is large.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Remainder(L x, L n) => L.MultiplyAdd(n, L.Constant(-0.69314718055994531), x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L OnePlusP(L r) => L.MultiplyAdd(Q(r) * r, r, L.Constant(1) + r);

    /// <summary>q(r) = (eʳ − 1 − r) / r².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Q(L r)
    {
        L q;
        if (IsSingle)
        {
            q = L.Constant(1.3814550648100239e-3);
            q = L.MultiplyAdd(q, r, L.Constant(8.368747921280222e-3));
            q = L.MultiplyAdd(q, r, L.Constant(4.1668390845126094e-2));
            q = L.MultiplyAdd(q, r, L.Constant(0.16666520375988353));
            return L.MultiplyAdd(q, r, L.Constant(0.49999993431120476));
        }
        q = L.Constant(1.0 / 6227020800);
        q = L.MultiplyAdd(q, r, L.Constant(1.0 / 479001600));
        q = L.MultiplyAdd(q, r, L.Constant(1.0 / 39916800));
        q = L.MultiplyAdd(q, r, L.Constant(1.0 / 3628800));
        q = L.MultiplyAdd(q, r, L.Constant(1.0 / 362880));
        q = L.MultiplyAdd(q, r, L.Constant(1.0 / 40320));
        q = L.MultiplyAdd(q, r, L.Constant(1.0 / 5040));
        q = L.MultiplyAdd(q, r, L.Constant(1.0 / 720));
        q = L.MultiplyAdd(q, r, L.Constant(1.0 / 120));
        q = L.MultiplyAdd(q, r, L.Constant(1.0 / 24));
        q = L.MultiplyAdd(q, r, L.Constant(1.0 / 6));
        return L.MultiplyAdd(q, r, L.Constant(0.5));
    }
}
