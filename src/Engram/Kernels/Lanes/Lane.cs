using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engram.Kernels.Lanes;

/// <summary>One number: the plain twin that the wide vectors are tested against, and the last resort of a machine without any.</summary>
internal readonly unsafe struct Lane<T> : ILanes<Lane<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly T _v;

    private Lane(T v) => _v = v;

    /// <inheritdoc/>
    public static int Count => 1;

    /// <inheritdoc/>
    public static int RowsInRegisters => 3;

    /// <inheritdoc/>
    public static Lane<T> Load(T* source) => new(*source);

    /// <inheritdoc/>
    public static void LoadHalves(uint* source, out Lane<T> lower, out Lane<T> upper)
    {
        lower = new(T.CreateTruncating(BitConverter.UInt32BitsToSingle(*source << 16)));
        upper = new(T.CreateTruncating(BitConverter.UInt32BitsToSingle(*source & 0xFFFF0000)));
    }

    /// <inheritdoc/>
    public static void Store(T* target, Lane<T> value) => *target = value._v;

    /// <inheritdoc/>
    public static Lane<T> Broadcast(T value) => new(value);

    /// <inheritdoc/>
    public static Lane<T> Constant(double value) =>
        new(typeof(T) == typeof(float) ? Unsafe.BitCast<float, T>((float)value) : Unsafe.BitCast<double, T>(value));

    /// <inheritdoc/>
    public static Lane<T> operator +(Lane<T> left, Lane<T> right) => new(left._v + right._v);

    /// <inheritdoc/>
    public static Lane<T> operator -(Lane<T> left, Lane<T> right) => new(left._v - right._v);

    /// <inheritdoc/>
    public static Lane<T> operator *(Lane<T> left, Lane<T> right) => new(left._v * right._v);

    /// <inheritdoc/>
    public static Lane<T> operator /(Lane<T> left, Lane<T> right) => new(left._v / right._v);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> MultiplyAdd(Lane<T> a, Lane<T> b, Lane<T> c) => new(T.MultiplyAddEstimate(a._v, b._v, c._v));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Lane<T> SubtractProduct(Lane<T> c, Lane<T> a, Lane<T> b) => new(T.MultiplyAddEstimate(-a._v, b._v, c._v));

    /// <inheritdoc/>
    public static Lane<T> AtMost(Lane<T> bound, Lane<T> value) => value._v > bound._v ? bound : value;

    /// <inheritdoc/>
    public static Lane<T> AtLeast(Lane<T> bound, Lane<T> value) => value._v < bound._v ? bound : value;

    /// <inheritdoc/>
    public static T Sum(Lane<T> value) => value._v;

    /// <inheritdoc/>
    public static Lane<T> Sqrt(Lane<T> value) => new(T.Sqrt(value._v));

    /// <inheritdoc/>
    public static Lane<T> Reciprocal(Lane<T> value) => new(T.One / value._v);

    /// <inheritdoc/>
    public static Lane<T> Quotient(Lane<T> a, Lane<T> b) => new(a._v / b._v);

    /// <inheritdoc/>
    public static Lane<T> FromNearest(Lane<T> value) => new(T.IsNegativeInfinity(value._v) ? T.Zero : value._v - T.Round(value._v));

    /// <inheritdoc/>
    public static Lane<T> TimesPowerOfTwo(Lane<T> value, Lane<T> n) => new(T.ScaleB(value._v, int.CreateSaturating(n._v)));

    /// <inheritdoc/>
    public static Lane<T> WherePositive(Lane<T> value, Lane<T> positive, Lane<T> other) => value._v > T.Zero ? positive : other;
}
