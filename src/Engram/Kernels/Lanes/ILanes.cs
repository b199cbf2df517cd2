using System.Numerics;

namespace Engram.Kernels.Lanes;

/// <summary>
/// A vector of <see cref="Count"/> numbers. Kernels are written once against this interface and compiled once per width:
/// <see cref="Lanes512{T}"/>, <see cref="Lanes256{T}"/>, <see cref="Lanes128{T}"/> and <see cref="Lane{T}"/>, their plain twin.
/// </summary>
/// <typeparam name="TSelf">The vector type itself.</typeparam>
/// <typeparam name="T">The element: <see cref="float"/> or <see cref="double"/>.</typeparam>
internal unsafe interface ILanes<TSelf, T>
    where TSelf : unmanaged, ILanes<TSelf, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements in a vector.</summary>
    static abstract int Count { get; }

    /// <summary>Rows that a product kernel of four vectors a row keeps in registers.</summary>
    static abstract int RowsInRegisters { get; }

    /// <summary>Reads a whole vector; the address needs no alignment.</summary>
    static abstract TSelf Load(T* source);

    /// <summary>Two vectors of numbers that are the upper halves of singles: in the lower and in the upper half of each source. In single precision only.</summary>
    static abstract void LoadHalves(uint* source, out TSelf lower, out TSelf upper);

    /// <summary>Writes a whole vector; the address needs no alignment.</summary>
    static abstract void Store(T* target, TSelf value);

    /// <summary>The same number in every lane.</summary>
    static abstract TSelf Broadcast(T value);

    /// <summary>A constant of the source text, rounded to the element, in every lane; folded by the compiler.</summary>
    static abstract TSelf Constant(double value);

    /// <summary>Lane by lane sum.</summary>
    static abstract TSelf operator +(TSelf left, TSelf right);

    /// <summary>Lane by lane difference.</summary>
    static abstract TSelf operator -(TSelf left, TSelf right);

    /// <summary>Lane by lane product.</summary>
    static abstract TSelf operator *(TSelf left, TSelf right);

    /// <summary>Lane by lane quotient, correctly rounded.</summary>
    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary><c>a · b + c</c>, rounded once where the processor can, else twice: always the same on one machine.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);

    /// <summary><c>c − a · b</c>, rounded as <see cref="MultiplyAdd"/>.</summary>
    static abstract TSelf SubtractProduct(TSelf c, TSelf a, TSelf b);

    /// <summary>The smaller of a bound and a value; a value that is no number stays so.</summary>
    static abstract TSelf AtMost(TSelf bound, TSelf value);

    /// <summary>The larger of a bound and a value; a value that is no number stays so.</summary>
    static abstract TSelf AtLeast(TSelf bound, TSelf value);

    /// <summary>The sum over the lanes, in an order that depends on the width alone.</summary>
    static abstract T Sum(TSelf value);

    /// <summary>Square root.</summary>
    static abstract TSelf Sqrt(TSelf value);

    /// <summary>1 / value to about one unit in the last place, for finite values of 1 and above.</summary>
    static abstract TSelf Reciprocal(TSelf value);

    /// <summary>a / b to about one unit in the last place, for finite b of ½ and above.</summary>
    static abstract TSelf Quotient(TSelf a, TSelf b);

    /// <summary>What value exceeds the nearest whole number by, or falls short of it (below 0), at most ½; 0 where value is −∞, and may be where it is below −1e9.</summary>
    static abstract TSelf FromNearest(TSelf value);

    /// <summary><c>value · 2ⁿ</c> for whole n up to the largest exponent of the numbers, and nothing or next to it where 2ⁿ is below the normal ones, −∞ too.</summary>
    static abstract TSelf TimesPowerOfTwo(TSelf value, TSelf n);

    /// <summary>Where <paramref name="value"/> is above zero <paramref name="positive"/>, else <paramref name="other"/>.</summary>
    static abstract TSelf WherePositive(TSelf value, TSelf positive, TSelf other);
}
