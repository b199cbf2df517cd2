using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engram.Kernels.Lanes;

/// <summary>256 bits: 8 single or 4 double numbers.</summary>
internal readonly unsafe struct Lanes256<T> : ILanes<Lanes256<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector256<T> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lanes256(Vector256<T> v) => _v = v;

    /// <inheritdoc/>
    public static int Count => Vector256<T>.Count;

    /// <inheritdoc/>
    public static int RowsInRegisters => 3;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Load(T* source) => new(Vector256.Load(source));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadHalves(uint* source, out Lanes256<T> lower, out Lanes256<T> upper)
    {
        Vector256<uint> both = Vector256.Load(source);
        lower = new((both << 16).As<uint, T>());
        upper = new((both & Vector256.Create(0xFFFF0000)).As<uint, T>());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* target, Lanes256<T> value) => value._v.Store(target);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Broadcast(T value) => new(Vector256.Create(value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Constant(double value) =>
        typeof(T) == typeof(float) ? new(Vector256.Create((float)value).As<float, T>()) : new(Vector256.Create(value).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator +(Lanes256<T> left, Lanes256<T> right) => new(left._v + right._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator -(Lanes256<T> left, Lanes256<T> right) => new(left._v - right._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator *(Lanes256<T> left, Lanes256<T> right) => new(left._v * right._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> operator /(Lanes256<T> left, Lanes256<T> right) => new(left._v / right._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> MultiplyAdd(Lanes256<T> a, Lanes256<T> b, Lanes256<T> c) =>
        typeof(T) == typeof(float)
            ? new(Vector256.MultiplyAddEstimate(a._v.AsSingle(), b._v.AsSingle(), c._v.AsSingle()).As<float, T>())
            : new(Vector256.MultiplyAddEstimate(a._v.AsDouble(), b._v.AsDouble(), c._v.AsDouble()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> SubtractProduct(Lanes256<T> c, Lanes256<T> a, Lanes256<T> b)
    {
        if (!Fma.IsSupported)
        {
            return MultiplyAdd(new(-a._v), b, c);
        }
        // The compiler does not find this instruction in a negation and a sum.
        return typeof(T) == typeof(float)
            ? new(Fma.MultiplyAddNegated(a._v.AsSingle(), b._v.AsSingle(), c._v.AsSingle()).As<float, T>())
            : new(Fma.MultiplyAddNegated(a._v.AsDouble(), b._v.AsDouble(), c._v.AsDouble()).As<double, T>());
    }

    // On x86 the native minimum and maximum return their second operand where one is no number: the value stands there.

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> AtMost(Lanes256<T> bound, Lanes256<T> value) => new(Vector256.MinNative(bound._v, value._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> AtLeast(Lanes256<T> bound, Lanes256<T> value) => new(Vector256.MaxNative(bound._v, value._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Lanes256<T> value) => Vector256.Sum(value._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Sqrt(Lanes256<T> value) => new(Vector256.Sqrt(value._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Reciprocal(Lanes256<T> value) =>
        new(Vector256<T>.One / value._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> Quotient(Lanes256<T> a, Lanes256<T> b) => new(a._v / b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> FromNearest(Lanes256<T> value)
    {
        Vector256<T> finite = AtLeast(Constant(-1e9), value)._v;
        return typeof(T) == typeof(float)
            ? new((finite.AsSingle() - Vector256.Round(finite.AsSingle())).As<float, T>())
            : new((finite.AsDouble() - Vector256.Round(finite.AsDouble())).As<double, T>());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> TimesPowerOfTwo(Lanes256<T> value, Lanes256<T> n)
    {
        // The number n as an integer, with the exponent's bias added, moved to where the exponent stands; all bits 0 is the number 0.
        if (typeof(T) == typeof(float))
        {
            Vector256<int> exponent = Vector256.ConvertToInt32Native(Vector256.MaxNative(Vector256.Create(-127f), n._v.AsSingle())) + Vector256.Create(127);
            return new(value._v * (exponent << 23).As<int, T>());
        }
        // Adding 1.5 · 2⁵² leaves a whole number in the low bits of the fraction.
        Vector256<long> bits = (Vector256.MaxNative(Vector256.Create(-1023d), n._v.AsDouble()) + Vector256.Create(6755399441055744.0)).AsInt64();
        return new(value._v * ((bits + Vector256.Create(1023L)) << 52).As<long, T>());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes256<T> WherePositive(Lanes256<T> value, Lanes256<T> positive, Lanes256<T> other) =>
        new(Vector256.ConditionalSelect(Vector256.GreaterThan(value._v, Vector256<T>.Zero), positive._v, other._v));
}
