using System.Diagnostics;
using System.Globalization;

namespace Engram;

/// <summary>
/// The sizes of a tensor's dimensions, outermost first; rank 0 (one number) to 4. Row-major: the last dimension is contiguous.
/// </summary>
public readonly struct Shape : IEquatable<Shape>
{
    /// <summary>The largest rank that a tensor can have.</summary>
    public const int MaxRank = 4;

    private readonly int _d0, _d1, _d2, _d3;

    /// <summary>A shape of the given sizes, each 0 or more.</summary>
    /// <exception cref="ArgumentException">More than <see cref="MaxRank"/> sizes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A negative size.</exception>
    public Shape(params ReadOnlySpan<int> sizes)
    {
        if (sizes.Length > MaxRank)
        {
            throw new ArgumentException($"A shape has at most {MaxRank} dimensions, not {sizes.Length}.", nameof(sizes));
        }
        foreach (int size in sizes)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(size, nameof(sizes));
        }
        Rank = sizes.Length;
        _d0 = sizes.Length > 0 ? sizes[0] : 1;
        _d1 = sizes.Length > 1 ? sizes[1] : 1;
        _d2 = sizes.Length > 2 ? sizes[2] : 1;
        _d3 = sizes.Length > 3 ? sizes[3] : 1;
    }

    /// <summary>Number of dimensions.</summary>
    public int Rank { get; }

    /// <summary>Number of elements: the product of the sizes, 1 for rank 0.</summary>
    /// <exception cref="OverflowException">The product does not fit 64 bits.</exception>
    public long Count => Rank == 0 ? 1 : checked((long)_d0 * _d1 * _d2 * _d3);

    /// <summary>Whether there are no more elements than so many, also where their number fits no integer.</summary>
    internal bool HasAtMost(long elements) => Rank == 0 || (double)_d0 * _d1 * _d2 * _d3 <= elements;

    /// <summary>The size of a dimension; <c>^1</c> is the last.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The shape has no such dimension.</exception>
    public int this[Index dimension]
    {
        get
        {
            int at = dimension.GetOffset(Rank);
            if ((uint)at >= (uint)Rank)
            {
                throw new ArgumentOutOfRangeException(nameof(dimension), $"Shape {this} has no dimension {dimension}.");
            }
            return at switch { 0 => _d0, 1 => _d1, 2 => _d2, _ => _d3 };
        }
    }

    /// <summary>Number of rows when all but the last dimension are taken as one: <c>Count / this[^1]</c>; 1 for rank 0.</summary>
    public int Rows
    {
        get
        {
            long rows = 1;
            for (int i = 0; i < Rank - 1; i++)
            {
                rows = checked(rows * this[i]);
            }
            return checked((int)rows);
        }
    }

    /// <summary>The same shape with another size of the last dimension.</summary>
    public Shape WithLast(int size)
    {
        Debug.Assert(Rank > 0);
        Span<int> sizes = stackalloc int[MaxRank];
        CopyTo(sizes);
        sizes[Rank - 1] = size;
        return new Shape(sizes[..Rank]);
    }

    /// <summary>This shape behind a new outermost dimension: <c>[size, …]</c>.</summary>
    public Shape Prepend(int size)
    {
        Span<int> sizes = stackalloc int[MaxRank + 1];
        sizes[0] = size;
        CopyTo(sizes[1..]);
        return new Shape(sizes[..(Rank + 1)]);
    }

    /// <summary>This shape without its outermost dimension.</summary>
    public Shape WithoutFirst()
    {
        Debug.Assert(Rank > 0);
        Span<int> sizes = stackalloc int[MaxRank];
        CopyTo(sizes);
        return new Shape(sizes[1..Rank]);
    }

    /// <summary>This shape without its innermost dimension.</summary>
    public Shape WithoutLast()
    {
        Debug.Assert(Rank > 0);
        Span<int> sizes = stackalloc int[MaxRank];
        CopyTo(sizes);
        return new Shape(sizes[..(Rank - 1)]);
    }

    /// <summary>The sizes as a new array.</summary>
    public int[] ToArray()
    {
        int[] sizes = new int[Rank];
        CopyTo(sizes);
        return sizes;
    }

    /// <inheritdoc/>
    public bool Equals(Shape other) =>
        Rank == other.Rank && (Rank == 0 || (_d0 == other._d0 && _d1 == other._d1 && _d2 == other._d2 && _d3 == other._d3));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Shape other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Rank == 0 ? 0 : HashCode.Combine(Rank, _d0, _d1, _d2, _d3);

    /// <summary>Whether two shapes have the same rank and sizes.</summary>
    public static bool operator ==(Shape left, Shape right) => left.Equals(right);

    /// <summary>Whether two shapes differ in rank or in a size.</summary>
    public static bool operator !=(Shape left, Shape right) => !left.Equals(right);

    /// <summary>The sizes in brackets: <c>[64, 100, 1]</c>.</summary>
    public override string ToString() =>
        "[" + string.Join(", ", ToArray().Select(size => size.ToString(CultureInfo.InvariantCulture))) + "]";

    private void CopyTo(Span<int> sizes)
    {
        for (int i = 0; i < Rank; i++)
        {
            sizes[i] = this[i];
        }
    }
}
