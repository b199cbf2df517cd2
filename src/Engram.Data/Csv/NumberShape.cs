namespace Engram.Data;

/// <summary>What the way a number is written tells about its decimal mark.</summary>
internal enum NumberShape
{
    /// <summary>No number.</summary>
    None,

    /// <summary>Nothing: no point and no comma.</summary>
    Plain,

    /// <summary>A number only if the point is the decimal mark: 1.5, 1,234.5, 1,657,300.</summary>
    Point,

    /// <summary>A number only if the comma is the decimal mark: 1,5, 1.234,5, 1.657.300.</summary>
    Comma,

    /// <summary>1.234: a fraction, or thousands.</summary>
    AmbiguousPoint,

    /// <summary>1,234: thousands, or a fraction.</summary>
    AmbiguousComma,
}

/// <summary>What was left out of a number before it was read.</summary>
[Flags]
internal enum NumberDecoration
{
    None = 0,
    Percent = 1,
    Currency = 2,
    FullWidth = 4,
    Thousands = 8,
    Magnitude = 16,
}
