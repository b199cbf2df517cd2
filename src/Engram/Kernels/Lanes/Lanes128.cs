using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engram.Kernels.Lanes;

/// <summary>128 bits: 4 single or 2 double numbers.</summary>
internal readonly unsafe struct Lanes128<T> : ILanes<Lanes128<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly Vector128<T> _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Lanes128(Vector128<T> v) => _v = v;

    /// <inheritdoc/>
    public static int Count => Vector128<T>.Count;

    /// <inheritdoc/>
    public static int RowsInRegisters => 3;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Load(T* source) => new(Vector128.Load(source));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void LoadHalves(uint* source, out Lanes128<T> lower, out Lanes128<T> upper)
    {
        Vector128<uint> both = Vector128.Load(source);
        lower = new((both << 16).As<uint, T>());
        upper = new((both & Vector128.Create(0xFFFF0000)).As<uint, T>());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T* target, Lanes128<T> value) => value._v.Store(target);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Broadcast(T value) => new(Vector128.Create(value));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Constant(double value) =>
        typeof(T) == typeof(float) ? new(Vector128.Create((float)value).As<float, T>()) : new(Vector128.Create(value).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator +(Lanes128<T> left, Lanes128<T> right) => new(left._v + right._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator -(Lanes128<T> left, Lanes128<T> right) => new(left._v - right._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator *(Lanes128<T> left, Lanes128<T> right) => new(left._v * right._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> operator /(Lanes128<T> left, Lanes128<T> right) => new(left._v / right._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> MultiplyAdd(Lanes128<T> a, Lanes128<T> b, Lanes128<T> c) =>
        typeof(T) == typeof(float)
            ? new(Vector128.MultiplyAddEstimate(a._v.AsSingle(), b._v.AsSingle(), c._v.AsSingle()).As<float, T>())
            : new(Vector128.MultiplyAddEstimate(a._v.AsDouble(), b._v.AsDouble(), c._v.AsDouble()).As<double, T>());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> SubtractProduct(Lanes128<T> c, Lanes128<T> a, Lanes128<T> b)
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
    public static Lanes128<T> AtMost(Lanes128<T> bound, Lanes128<T> value) => new(Vector128.MinNative(bound._v, value._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> AtLeast(Lanes128<T> bound, Lanes128<T> value) => new(Vector128.MaxNative(bound._v, value._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(Lanes128<T> value) => Vector128.Sum(value._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Sqrt(Lanes128<T> value) => new(Vector128.Sqrt(value._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Reciprocal(Lanes128<T> value) =>
        new(Vector128<T>.One / value._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> Quotient(Lanes128<T> a, Lanes128<T> b) => new(a._v / b._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> FromNearest(Lanes128<T> value)
    {
        Vector128<T> finite = AtLeast(Constant(-1e9), value)._v;
        return typeof(T) == typeof(float)
            ? new((finite.AsSingle() - Vector128.Round(finite.AsSingle())).As<float, T>())
            : new((finite.AsDouble() - Vector128.Round(finite.AsDouble())).As<double, T>());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> TimesPowerOfTwo(Lanes128<T> value, Lanes128<T> n)
    {
        // The number n as an integer, with the exponent's bias added, moved to where the exponent stands; all bits 0 is the number 0.
        if (typeof(T) == typeof(float))
        {
            Vector128<int> exponent = Vector128.ConvertToInt32Native(Vector128.MaxNative(Vector128.Create(-127f), n._v.AsSingle())) + Vector128.Create(127);
            return new(value._v * (exponent << 23).As<int, T>());
        }
        // Adding 1.5 · 2⁵² leaves a whole number in the low bits of the fraction.
        Vector128<long> bits = (Vector128.MaxNative(Vector128.Create(-1023d), n._v.AsDouble()) + Vector128.Create(6755399441055744.0)).AsInt64();
        return new(value._v * ((bits + Vector128.Create(1023L)) << 52).As<long, T>());
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lanes128<T> WherePositive(Lanes128<T> value, Lanes128<T> positive, Lanes128<T> other) =>
        new(Vector128.ConditionalSelect(Vector128.GreaterThan(value._v, Vector128<T>.Zero), positive._v, other._v));
}
