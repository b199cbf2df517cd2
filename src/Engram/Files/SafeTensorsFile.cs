using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Engram.Files;

/// <summary>
/// A safetensors file, the open format for named arrays: 8 bytes with the length of a JSON header, the header, the data. Reading
/// executes nothing and trusts nothing: every length, offset and shape is checked before it is used.
/// </summary>
/// <remarks>Format: https://github.com/huggingface/safetensors#format.</remarks>
public sealed class SafeTensorsFile
{
    private readonly SortedDictionary<string, SafeTensor> _tensors;
    private readonly Lazy<string> _weightsSha256;

    /// <summary>A file of which the parts are known, and sound.</summary>
    internal SafeTensorsFile(string path, SortedDictionary<string, string> metadata, SortedDictionary<string, SafeTensor> tensors)
    {
        Path = path;
        Metadata = metadata;
        _tensors = tensors;
        _weightsSha256 = new Lazy<string>(() => HashOf(tensors.Values));
    }

    /// <summary>The file as it was named when it was read.</summary>
    public string Path { get; }

    /// <summary>The texts of <c>__metadata__</c>, by ordinal order of their keys; empty where there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The tensors by name, in ordinal order.</summary>
    public IReadOnlyDictionary<string, SafeTensor> Tensors => _tensors;

    /// <summary>SHA-256 over the bytes of all tensors in ordinal order of their names, 64 hexadecimal digits in lower case.</summary>
    public string WeightsSha256 => _weightsSha256.Value;

    /// <summary>Reads a file whole.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ArgumentException">The path is empty.</exception>
    /// <exception cref="ModelFileException">
    /// The file is missing, cannot be read, or breaks a rule of the format. Memory is taken for what the file really holds, never for
    /// what its header claims.
    /// </exception>
    public static SafeTensorsFile Read(string path) => Use(path, stream => Read(stream, path));

    /// <summary>Lets a file be used whose tensors stay in it, so that no more memory is taken than for what they become.</summary>
    /// <param name="path">The file.</param>
    /// <param name="use">What becomes of it; afterwards its tensors cannot be read any more.</param>
    /// <inheritdoc cref="Read(string)"/>
    internal static T Use<T>(string path, Func<SafeTensorsFile, T> use) => Use(path, stream =>
    {
        (SafeTensorsHeader header, long begin) = ReadHeader(stream, path);
        return use(new SafeTensorsFile(path, header.Metadata, Named(header.Entries.Select(entry => new SafeTensor(entry, stream.SafeFileHandle, begin + entry.Begin)))));
    });

    private static T Use<T>(string path, Func<FileStream, T> use)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (Directory.Exists(path))
        {
            throw SafeTensorsFault.Unreadable(path, "it is a folder", "Give the name of a file.");
        }
        try
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
            return stream.CanSeek
                ? use(stream)
                : throw SafeTensorsFault.Unreadable(path, "it is a pipe or a device", "Give the name of a file.");
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw SafeTensorsFault.Unreadable(path, "there is no such file", "Check the name and the folder.", cause);
        }
        catch (UnauthorizedAccessException cause)
        {
            throw SafeTensorsFault.Unreadable(path, "no permission", "Ask for the right to read it.", cause);
        }
        catch (IOException cause)
        {
            throw SafeTensorsFault.Unreadable(path, cause.Message.TrimEnd('.'), "Check the disk, or use another copy.", cause);
        }
    }

    /// <summary>Writes a file atomically. The same tensors and texts, in whatever order, give the same bytes.</summary>
    /// <param name="path">The file; its folder must exist.</param>
    /// <param name="tensors">The tensors; they are written in ordinal order of their names.</param>
    /// <param name="metadata">Texts for <c>__metadata__</c>; none by default.</param>
    /// <exception cref="ArgumentException">
    /// Two tensors of one name, a tensor named <c>__metadata__</c>, a text that is not valid Unicode, a header over 100 MB.
    /// </exception>
    /// <exception cref="FileWriteException">The file cannot be written; what was there before is unchanged.</exception>
    public static void Write(
        string path, IReadOnlyCollection<SafeTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        SafeTensor[] inOrder = [.. tensors.OrderBy(tensor => tensor.Name, StringComparer.Ordinal)];
        byte[] header = SafeTensorsHeaderWriter.Write(inOrder, metadata);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            foreach (SafeTensor tensor in inOrder)
            {
                stream.Write(tensor.Bytes.Span);
            }
        });
    }

    /// <summary>A tensor that must be there, of the type and shape that it must have.</summary>
    /// <param name="name">Name in the file.</param>
    /// <param name="dataType">Type that its elements must have.</param>
    /// <param name="shape">Sizes that its dimensions must have.</param>
    /// <exception cref="ModelFileException">The file has no such tensor, or one of another type or shape.</exception>
    public SafeTensor Require(string name, SafeTensorType dataType, params ReadOnlySpan<int> shape)
    {
        if (!_tensors.TryGetValue(name, out SafeTensor? tensor))
        {
            throw SafeTensorsFault.In(Path, name, $"it is missing");
        }
        if (tensor.DataType != dataType || !tensor.Shape.SequenceEqual(shape))
        {
            string found = $"{tensor.DataType.Name()} {SafeTensor.Describe(tensor.Shape)}";
            string due = $"{dataType.Name()} {SafeTensor.Describe(shape)}";
            throw SafeTensorsFault.In(Path, name, $"it is {found} where the model needs {due}");
        }
        return tensor;
    }

    /// <summary>Reads from a stream that can tell its length.</summary>
    internal static SafeTensorsFile Read(Stream stream, string file)
    {
        (SafeTensorsHeader header, _) = ReadHeader(stream, file);
        return new SafeTensorsFile(file, header.Metadata, Named(header.Entries.Select(entry =>
        {
            byte[] bytes = new byte[entry.End - entry.Begin];
            stream.ReadExactly(bytes);
            return new SafeTensor(entry.Name, entry.DataType, entry.Shape, bytes);
        })));
    }

    private static SortedDictionary<string, SafeTensor> Named(IEnumerable<SafeTensor> tensors)
    {
        SortedDictionary<string, SafeTensor> named = new(StringComparer.Ordinal);
        foreach (SafeTensor tensor in tensors)
        {
            named.Add(tensor.Name, tensor);
        }
        return named;
    }

    /// <returns>The header, and where the data begin.</returns>
    private static (SafeTensorsHeader Header, long Begin) ReadHeader(Stream stream, string file)
    {
        long length = stream.Length;
        if (length < SafeTensorsHeader.LengthSize)
        {
            throw SafeTensorsFault.In(file, $"it has {length} bytes, too few for a header");
        }
        int headerLength = ReadHeaderLength(stream, length, file);
        byte[] json = new byte[headerLength];
        stream.ReadExactly(json);
        long begin = SafeTensorsHeader.LengthSize + headerLength;
        return (SafeTensorsHeader.Parse(json, length - begin, file), begin);
    }

    private static int ReadHeaderLength(Stream stream, long fileLength, string file)
    {
        Span<byte> bytes = stackalloc byte[SafeTensorsHeader.LengthSize];
        stream.ReadExactly(bytes);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        if (length > SafeTensorsHeader.MaxLength)
        {
            throw SafeTensorsFault.In(file, $"its header claims {length} bytes, more than the {SafeTensorsHeader.MaxLength} allowed");
        }
        if ((long)length > fileLength - SafeTensorsHeader.LengthSize)
        {
            throw SafeTensorsFault.In(file, $"its header claims {length} bytes, past the end of the file of {fileLength}");
        }
        return (int)length;
    }

    private static string HashOf(IEnumerable<SafeTensor> tensors)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (SafeTensor tensor in tensors)
        {
            tensor.ReadParts((_, bytes) => hash.AppendData(bytes));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
