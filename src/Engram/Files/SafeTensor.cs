using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Engram.Files;

/// <summary>Receives a part of a tensor's bytes.</summary>
/// <param name="begin">Bytes before it.</param>
/// <param name="bytes">The part, which is the receiver's until it returns.</param>
internal delegate void SafeTensorPart(int begin, ReadOnlySpan<byte> bytes);

/// <summary>A named array of numbers, as a safetensors file holds it: row-major, little-endian, of any rank.</summary>
public sealed class SafeTensor
{
    /// <summary>Bytes of a part that is read at once where a tensor stays in its file.</summary>
    private const int PartSize = 1 << 20;

    private readonly int[] _shape;
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly (SafeFileHandle File, long Begin)? _place;

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
        _bytes = bytes;
        Length = bytes.Length;
    }

    /// <summary>A tensor whose bytes stay in an open file, of which the header was checked.</summary>
    internal SafeTensor(SafeTensorEntry entry, SafeFileHandle file, long begin)
    {
        (Name, DataType, _shape, _place) = (entry.Name, entry.DataType, entry.Shape, (file, begin));
        Length = (int)(entry.End - entry.Begin);
    }

    /// <summary>Name in the file.</summary>
    public string Name { get; }

    /// <summary>Type of the elements.</summary>
    public SafeTensorType DataType { get; }

    /// <summary>Sizes of the dimensions, outermost first; empty for a single number.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>The elements as they stand in the file: row-major, little-endian.</summary>
    public ReadOnlyMemory<byte> Bytes => _place is null ? _bytes : throw new InvalidOperationException("The bytes of this tensor stay in its file.");

    /// <summary>Number of elements.</summary>
    public int Count => Length / DataType.Size();

    private int Length { get; }

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

    /// <summary>Hands the bytes on, part after part; each part is whole elements.</summary>
    /// <exception cref="IOException">The file cannot be read, or has become shorter.</exception>
    internal void ReadParts(SafeTensorPart receive)
    {
        if (_place is not var (file, begin))
        {
            receive(0, _bytes.Span);
            return;
        }
        byte[] part = new byte[Math.Min(PartSize, Length)];
        for (int done = 0; done < Length;)
        {
            Span<byte> bytes = part.AsSpan(0, Math.Min(part.Length, Length - done));
            for (int read = 0; read < bytes.Length;)
            {
                int more = RandomAccess.Read(file, bytes[read..], begin + done + read);
                read += more > 0 ? more : throw new EndOfStreamException("it has become shorter while it was read");
            }
            receive(done, bytes);
            done += bytes.Length;
        }
    }

    /// <summary>Hands the elements of an <see cref="SafeTensorType.F32"/> tensor on, part after part, with the place of the first of each.</summary>
    internal void ReadSingles(Action<int, ReadOnlySpan<float>> receive) => ReadParts((begin, bytes) =>
    {
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(bytes);
        if (!BitConverter.IsLittleEndian)
        {
            float[] own = values.ToArray();
            ToLittleEndian<float>(own);
            values = own;
        }
        receive(begin / sizeof(float), values);
    });

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
