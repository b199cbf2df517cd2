namespace Engram.Files;

/// <summary>The element types of a safetensors file, little-endian.</summary>
public enum SafeTensorType
{
    /// <summary>One byte, 0 or 1.</summary>
    Bool,

    /// <summary>8-bit unsigned integer.</summary>
    U8,

    /// <summary>8-bit integer.</summary>
    I8,

    /// <summary>16-bit unsigned integer.</summary>
    U16,

    /// <summary>16-bit integer.</summary>
    I16,

    /// <summary>32-bit unsigned integer.</summary>
    U32,

    /// <summary>32-bit integer.</summary>
    I32,

    /// <summary>64-bit unsigned integer.</summary>
    U64,

    /// <summary>64-bit integer.</summary>
    I64,

    /// <summary>16-bit float of IEEE 754.</summary>
    F16,

    /// <summary>16-bit float with the exponent of a 32-bit one.</summary>
    BF16,

    /// <summary>32-bit float of IEEE 754.</summary>
    F32,

    /// <summary>64-bit float of IEEE 754.</summary>
    F64,
}

/// <summary>Names and sizes of the element types.</summary>
internal static class SafeTensorTypes
{
    private static readonly (string Name, int Size)[] Types =
    [
        ("BOOL", 1), ("U8", 1), ("I8", 1), ("U16", 2), ("I16", 2), ("U32", 4), ("I32", 4), ("U64", 8), ("I64", 8),
        ("F16", 2), ("BF16", 2), ("F32", 4), ("F64", 8),
    ];

    /// <summary>The names as the format writes them, for messages.</summary>
    public static string AllNames { get; } = string.Join(", ", Types.Select(type => type.Name));

    /// <summary>The name that stands in a file.</summary>
    public static string Name(this SafeTensorType type) => Types[(int)type].Name;

    /// <summary>Bytes of one element.</summary>
    public static int Size(this SafeTensorType type) => Types[(int)type].Size;

    /// <summary>Bytes of a tensor: the product of its sizes and the element's; false where that does not fit 64 bits.</summary>
    public static bool TryCountBytes(this SafeTensorType type, ReadOnlySpan<int> shape, out long bytes)
    {
        bytes = type.Size();
        foreach (int size in shape)
        {
            if (Math.BigMul(bytes, size, out long low) != (low >> 63))
            {
                return false;
            }
            bytes = low;
        }
        return true;
    }

    /// <summary>Finds the type of a name; case matters.</summary>
    public static bool TryParse(string name, out SafeTensorType type)
    {
        int at = Array.FindIndex(Types, candidate => candidate.Name == name);
        type = (SafeTensorType)Math.Max(at, 0);
        return at >= 0;
    }
}
