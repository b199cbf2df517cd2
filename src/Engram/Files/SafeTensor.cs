using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Engram.Files;

/// <summary>A named array of numbers, as a safetensors file holds it: row-major, little-endian, of any rank.</summary>
public sealed class SafeTensor
{
    private readonly int[] _shape;

    /// <summary>Wraps bytes as they stand in a file; they are not copied.</summary>
    /// <param name="name">Name in the file, unique there.</param>
    /// <param name="dataType">Type of the elements.</param>
    /// <param name="shape">Sizes of the dimensions, outermost first, each 0 or more; empty for a single number.</param>
    /// <param name="bytes">The elements, row-major and little-endian.</param>
    /// <exception cref="ArgumentException">The number of bytes is not the number of elements times their size.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A negative size.</exception>
    public SafeTensor(string name, SafeTensorType dataType, ReadOnlySpan<int> shape, ReadOnlyMemory<byte> bytes)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (int size in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(size, nameof(shape));
        }
        if (!dataType.TryCountBytes(shape, out long due) || due != bytes.Length)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{bytes.Length} bytes do not fill tensor '{name}' of type {dataType.Name()} and shape {Describe(shape)}."),
                nameof(bytes));
        }
        Name = name;
        DataType = dataType;
        _shape = shape.ToArray();
        Bytes = bytes;
    }

    /// <summary>Name in the file.</summary>
    public string Name { get; }

    /// <summary>Type of the elements.</summary>
    public SafeTensorType DataType { get; }

    /// <summary>Sizes of the dimensions, outermost first; empty for a single number.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>The elements as they stand in the file: row-major, little-endian.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Number of elements.</summary>
    public int Count => Bytes.Length / DataType.Size();

    /// <summary>A tensor of 32-bit floats, copied.</summary>
    /// <exception cref="ArgumentException">The number of values is not the product of the sizes.</exception>
    public static SafeTensor Create(string name, ReadOnlySpan<int> shape, ReadOnlySpan<float> values) =>
        new(name, SafeTensorType.F32, shape, ToBytes(values));

    /// <summary>A tensor of 64-bit floats, copied.</summary>
    /// <exception cref="ArgumentException">The number of values is not the product of the sizes.</exception>
    public static SafeTensor Create(string name, ReadOnlySpan<int> shape, ReadOnlySpan<double> values) =>
        new(name, SafeTensorType.F64, shape, ToBytes(values));

    /// <summary>A tensor of 64-bit integers, copied.</summary>
    /// <exception cref="ArgumentException">The number of values is not the product of the sizes.</exception>
    public static SafeTensor Create(string name, ReadOnlySpan<int> shape, ReadOnlySpan<long> values) =>
        new(name, SafeTensorType.I64, shape, ToBytes(values));

    /// <summary>The elements of an <see cref="SafeTensorType.F32"/> tensor, to the bit.</summary>
    /// <exception cref="InvalidOperationException">The tensor is of another type.</exception>
    public float[] ToSingleArray() => ToArray<float>(SafeTensorType.F32);

    /// <summary>The elements of an <see cref="SafeTensorType.F64"/> tensor, to the bit.</summary>
    /// <exception cref="InvalidOperationException">The tensor is of another type.</exception>
    public double[] ToDoubleArray() => ToArray<double>(SafeTensorType.F64);

    /// <summary>The elements of an <see cref="SafeTensorType.I64"/> tensor.</summary>
    /// <exception cref="InvalidOperationException">The tensor is of another type.</exception>
    public long[] ToInt64Array() => ToArray<long>(SafeTensorType.I64);

    /// <summary>Name, type and shape: <c>lstm.kernel F32 [60, 256]</c>.</summary>
    public override string ToString() => $"{Name} {DataType.Name()} {Describe(_shape)}";

    /// <summary>Sizes in brackets.</summary>
    internal static string Describe(ReadOnlySpan<int> shape)
    {
        string[] sizes = new string[shape.Length];
        for (int i = 0; i < shape.Length; i++)
        {
            sizes[i] = shape[i].ToString(CultureInfo.InvariantCulture);
        }
        return $"[{string.Join(", ", sizes)}]";
    }

    private T[] ToArray<T>(SafeTensorType type)
        where T : unmanaged
    {
        if (DataType != type)
        {
            throw new InvalidOperationException($"Tensor '{Name}' holds {DataType.Name()} numbers, not {type.Name()}.");
        }
        T[] values = new T[Count];
        Bytes.Span.CopyTo(MemoryMarshal.AsBytes(values.AsSpan()));
        ToLittleEndian<T>(values);
        return values;
    }

    private static byte[] ToBytes<T>(ReadOnlySpan<T> values)
        where T : unmanaged
    {
        byte[] bytes = MemoryMarshal.AsBytes(values).ToArray();
        ToLittleEndian<T>(MemoryMarshal.Cast<byte, T>(bytes.AsSpan()));
        return bytes;
    }

    /// <summary>Turns this machine's byte order into the file's, or back.</summary>
    private static unsafe void ToLittleEndian<T>(Span<T> values)
        where T : unmanaged
    {
        if (BitConverter.IsLittleEndian)
        {
            return;
        }
        if (sizeof(T) == sizeof(int))
        {
            Span<int> words = MemoryMarshal.Cast<T, int>(values);
            BinaryPrimitives.ReverseEndianness(words, words);
        }
        else
        {
            Span<long> words = MemoryMarshal.Cast<T, long>(values);
            BinaryPrimitives.ReverseEndianness(words, words);
        }
    }
}
