using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// σ, tanh and exp on lanes, by powers of two:
/// <code>
///   y = x·log₂e  (−x·log₂e for σ, 2x·log₂e for tanh)      n = y rounded,  r = y − n,  |r| ≤ ½
///   2ʸ = 2ⁿ·2ʳ,   2ʳ = 1 + r·q(r)                          q in float: degree 4, minimax, off by less than 1e-7 of 2ʳ
///   eˣ   = 2ʸ,   σ(x) = 1 / (1 + 2ʸ)
///   tanh x = ((2ⁿ − 1) + t·(2ⁿ + 1)) / ((2ⁿ + 1) + t·(2ⁿ − 1))   with t = tanh(r·ln 2 / 2) = r·s(r²), off by less than 5e-8 of itself
/// </code>
/// In double the same polynomials are longer, minimax too, off by less than 4e-18. The error is below 4e-7 absolute in float; that of tanh and exp also relative, everywhere: where n = 0, tanh x is t.
/// </summary>
internal static class Activate<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    private const double Log2OfE = 1.4426950408889634;

    private static bool IsSingle
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float);
    }

    /// <summary>σ(x) = 1 / (1 + e⁻ˣ).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Sigmoid(L x)
    {
        // Beyond the bound σ is 0 to the last bit, and 2ʸ would leave the range; towards the other end 2ʸ fades to 0 by itself.
        L y = L.AtMost(L.Constant(IsSingle ? 126 : 1010), x * L.Constant(-Log2OfE)), r = L.FromNearest(y);
        return L.Reciprocal(L.Constant(1) + L.TimesPowerOfTwo(PowerOfTwo(r), y - r));
    }

    /// <summary>tanh x, by the addition theorem.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Tanh(L x)
    {
        // Beyond the bound tanh is 1 to the last bit.
        L y = L.AtMost(L.Constant(IsSingle ? 30 : 62), x * L.Constant(2 * Log2OfE)), r = L.FromNearest(y);
        L t = r * TanhOverR(r * r), power = L.TimesPowerOfTwo(L.Constant(1), y - r), less = power - L.Constant(1), more = power + L.Constant(1);
        return L.Quotient(L.MultiplyAdd(t, more, less), L.MultiplyAdd(t, less, more));
    }

    /// <summary>σ of x clipped to ±clip.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Sigmoid(L x, L clip) => Sigmoid(Clamp(x, clip));

    /// <summary>tanh of x clipped to ±clip.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Tanh(L x, L clip) => Tanh(Clamp(x, clip));

    /// <summary>eˣ, for x clamped to the exponents of normal numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Exp(L x)
    {
        L bounded = Clamp(x, L.Constant(IsSingle ? 87 : 700)), y = bounded * L.Constant(Log2OfE), n = y - L.FromNearest(y);
        // y is too coarse a number for r where n is large. ln 2 in two parts, the first with few bits, so that n times it is exact.
        L r = L.MultiplyAdd(n, L.Constant(IsSingle ? -0.693359375 : -0.693147180369123816490), bounded);
        r = L.MultiplyAdd(n, L.Constant(IsSingle ? 2.12194440054690583e-4 : -1.90821492927058770002e-10), r);
        return L.TimesPowerOfTwo(PowerOfTwo(r * L.Constant(Log2OfE)), n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Clamp(L x, L bound) => L.AtLeast(L.Constant(0) - bound, L.AtMost(bound, x));

    /// <summary>2ʳ = 1 + r·q(r).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L PowerOfTwo(L r)
    {
        L q;
        if (IsSingle)
        {
            q = L.Constant(1.3264727140072407e-3);
            q = L.MultiplyAdd(q, r, L.Constant(9.6715126399564421e-3));
            q = L.MultiplyAdd(q, r, L.Constant(5.5507337434700838e-2));
            q = L.MultiplyAdd(q, r, L.Constant(0.2402224208537671));
            q = L.MultiplyAdd(q, r, L.Constant(0.69314697759899204));
        }
        else
        {
            q = L.Constant(4.4347712982004365e-10);
            q = L.MultiplyAdd(q, r, L.Constant(7.0737832485031285e-9));
            q = L.MultiplyAdd(q, r, L.Constant(1.0178199571842138e-7));
            q = L.MultiplyAdd(q, r, L.Constant(1.3215435282308488e-6));
            q = L.MultiplyAdd(q, r, L.Constant(1.5252733493127489e-5));
            q = L.MultiplyAdd(q, r, L.Constant(1.5403530457112091e-4));
            q = L.MultiplyAdd(q, r, L.Constant(1.3333558146774621e-3));
            q = L.MultiplyAdd(q, r, L.Constant(9.6181291075941201e-3));
            q = L.MultiplyAdd(q, r, L.Constant(5.5504108664820083e-2));
            q = L.MultiplyAdd(q, r, L.Constant(0.24022650695910131));
            q = L.MultiplyAdd(q, r, L.Constant(0.69314718055994533));
        }
        return L.MultiplyAdd(q, r, L.Constant(1));
    }

    /// <summary>s(r²) = tanh(r·ln 2 / 2) / r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L TanhOverR(L square)
    {
        if (IsSingle)
        {
            L s = L.MultiplyAdd(L.Constant(6.5468986517477724e-4), square, L.Constant(-1.3874907973553879e-2));
            return L.MultiplyAdd(s, square, L.Constant(0.34657357475542981));
        }
        L d = L.Constant(3.5832683731289785e-9);
        d = L.MultiplyAdd(d, square, L.Constant(-7.6743778985030687e-8));
        d = L.MultiplyAdd(d, square, L.Constant(1.5775943526225743e-6));
        d = L.MultiplyAdd(d, square, L.Constant(-3.2412058549836865e-5));
        d = L.MultiplyAdd(d, square, L.Constant(6.6667790728881105e-4));
        d = L.MultiplyAdd(d, square, L.Constant(-1.3876027166204886e-2));
        return L.MultiplyAdd(d, square, L.Constant(0.34657359027997265));
    }
}
