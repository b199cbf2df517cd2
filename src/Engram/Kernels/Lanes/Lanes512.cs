using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engram.Kernels.Lanes;

/// <summary>512 bits: 16 single or 8 double numbers. For processors with AVX-512 (F and DQ), which <see cref="Backends.InstructionTier"/> asks for.</summary>
internal readonly unsafe struct Lanes512<T> : ILanes<Lanes512<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector512<T> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lanes512(Vector512<T> v) => _v = v;

    /// <inheritdoc/>
    public static int Count => Vector512<T>.Count;

    /// <inheritdoc/>
    public static int RowsInRegisters => 6;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Load(T* source) => new(Vector512.Load(source));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadHalves(uint* source, out Lanes512<T> lower, out Lanes512<T> upper)
    {
        Vector512<uint> both = Vector512.Load(source);
        lower = new((both << 16).As<uint, T>());
        upper = new((both & Vector512.Create(0xFFFF0000)).As<uint, T>());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* target, Lanes512<T> value) => value._v.Store(target);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Broadcast(T value) => new(Vector512.Create(value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Constant(double value) =>
        typeof(T) == typeof(float) ? new(Vector512.Create((float)value).As<float, T>()) : new(Vector512.Create(value).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator +(Lanes512<T> left, Lanes512<T> right) => new(left._v + right._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator -(Lanes512<T> left, Lanes512<T> right) => new(left._v - right._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator *(Lanes512<T> left, Lanes512<T> right) => new(left._v * right._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> operator /(Lanes512<T> left, Lanes512<T> right) => new(left._v / right._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> MultiplyAdd(Lanes512<T> a, Lanes512<T> b, Lanes512<T> c) =>
        typeof(T) == typeof(float)
            ? new(Vector512.MultiplyAddEstimate(a._v.AsSingle(), b._v.AsSingle(), c._v.AsSingle()).As<float, T>())
            : new(Vector512.MultiplyAddEstimate(a._v.AsDouble(), b._v.AsDouble(), c._v.AsDouble()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> SubtractProduct(Lanes512<T> c, Lanes512<T> a, Lanes512<T> b)
    {
        // The compiler does not find this instruction in a negation and a sum.
        return typeof(T) == typeof(float)
            ? new(Avx512F.FusedMultiplyAddNegated(a._v.AsSingle(), b._v.AsSingle(), c._v.AsSingle()).As<float, T>())
            : new(Avx512F.FusedMultiplyAddNegated(a._v.AsDouble(), b._v.AsDouble(), c._v.AsDouble()).As<double, T>());
    }

    // On x86 the native minimum and maximum return their second operand where one is no number: the value stands there.

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> AtMost(Lanes512<T> bound, Lanes512<T> value) => new(Vector512.MinNative(bound._v, value._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> AtLeast(Lanes512<T> bound, Lanes512<T> value) => new(Vector512.MaxNative(bound._v, value._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Lanes512<T> value) => Vector512.Sum(value._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Sqrt(Lanes512<T> value) => new(Vector512.Sqrt(value._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Reciprocal(Lanes512<T> value)
    {
        if (typeof(T) == typeof(float))
        {
            // Newton's step r · (2 − v·r) doubles the 14 bits that the processor estimates.
            Vector512<float> v = value._v.AsSingle();
            Vector512<float> r = Avx512F.Reciprocal14(v);
            Vector512<float> error = Avx512F.FusedMultiplyAddNegated(v, r, Vector512<float>.One);
            return new(Vector512.FusedMultiplyAdd(error, r, r).As<float, T>());
        }
        return new(Vector512<T>.One / value._v);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> Quotient(Lanes512<T> a, Lanes512<T> b)
    {
        if (typeof(T) == typeof(float))
        {
            // What the estimate leaves of a, a − b·q, divided by the same estimate.
            Vector512<float> numerator = a._v.AsSingle(), denominator = b._v.AsSingle(), r = Avx512F.Reciprocal14(denominator);
            Vector512<float> q = numerator * r;
            Vector512<float> rest = Avx512F.FusedMultiplyAddNegated(denominator, q, numerator);
            return new(Vector512.FusedMultiplyAdd(rest, r, q).As<float, T>());
        }
        return new(a._v / b._v);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> FromNearest(Lanes512<T> value)
    {
        const byte ToNearestWithoutException = 8;
        return typeof(T) == typeof(float)
            ? new(Avx512DQ.Reduce(value._v.AsSingle(), ToNearestWithoutException).As<float, T>())
            : new(Avx512DQ.Reduce(value._v.AsDouble(), ToNearestWithoutException).As<double, T>());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> TimesPowerOfTwo(Lanes512<T> value, Lanes512<T> n) =>
        typeof(T) == typeof(float)
            ? new(Avx512F.Scale(value._v.AsSingle(), n._v.AsSingle()).As<float, T>())
            : new(Avx512F.Scale(value._v.AsDouble(), n._v.AsDouble()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes512<T> WherePositive(Lanes512<T> value, Lanes512<T> positive, Lanes512<T> other) =>
        new(Vector512.ConditionalSelect(Vector512.GreaterThan(value._v, Vector512<T>.Zero), positive._v, other._v));
}
