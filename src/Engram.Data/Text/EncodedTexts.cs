using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Engram.Data;

/// <summary>
/// The token ids of many texts, one behind the other: in memory up to a limit, the rest in a temporary file that is mapped into memory. Made by
/// <see cref="TextEncoder.EncodeAll(IEnumerable{string}, long, int?, CancellationToken)"/>; reading is safe from many threads at once. Dispose it where it may be large,
/// when all that reads it is done; otherwise the file stays until the garbage collector comes.
/// </summary>
public sealed class EncodedTexts : IDisposable
{
    /// <summary>Bytes of ids that stay in memory unless another number is given: 1 GiB, about 250 million tokens.</summary>
    public const long DefaultMemoryLimit = 1L << 30;

    private const int BlockSize = 1 << 18; // ids

    private readonly List<int[]?> _blocks = [];
    private readonly List<long> _firstInFile = [];
    private readonly long _memoryLimit;
    private MappedIds? _file;
    private readonly List<(int Block, int First, int Length)> _places = [];
    private int _used;
    private long _inMemory;

    internal EncodedTexts(long memoryLimit = DefaultMemoryLimit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(memoryLimit);
        _memoryLimit = memoryLimit;
    }

    /// <summary>Number of texts.</summary>
    public int Count => _places.Count;

    /// <summary>Number of tokens of all texts.</summary>
    public long TokenCount { get; private set; }

    /// <summary>Tokens of the longest text; 0 where there is none.</summary>
    public int LongestLength { get; private set; }

    /// <summary>Makes it of ids.</summary>
    /// <param name="texts">The ids of each text.</param>
    public static EncodedTexts Of(IEnumerable<int[]> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        EncodedTexts encoded = new();
        foreach (int[] ids in texts)
        {
            encoded.Add(ids);
        }
        encoded.Complete();
        return encoded;
    }

    /// <summary>The ids of a text.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such text.</exception>
    public ReadOnlySpan<int> this[int text]
    {
        get
        {
            (int block, int first, int length) = _places[text];
            return _blocks[block] is { } ids ? ids.AsSpan(first, length) : _file!.Read(_firstInFile[block] + first, length);
        }
    }

    /// <summary>Number of tokens of a text.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such text.</exception>
    public int LengthOf(int text) => _places[text].Length;

    /// <summary>The SHA-256 of all ids and lengths.</summary>
    public string Fingerprint()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int text = 0; text < Count; text++)
        {
            ReadOnlySpan<int> ids = this[text];
            hash.AppendData(MemoryMarshal.AsBytes([ids.Length]));
            hash.AppendData(MemoryMarshal.AsBytes(ids));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    internal void Add(ReadOnlySpan<int> ids)
    {
        if (_blocks.Count == 0 || _blocks[^1]!.Length - _used < ids.Length)
        {
            FinishBlock();
            _blocks.Add(new int[Math.Max(BlockSize, ids.Length)]);
            _used = 0;
        }
        ids.CopyTo(_blocks[^1].AsSpan(_used));
        _places.Add((_blocks.Count - 1, _used, ids.Length));
        _used += ids.Length;
        TokenCount += ids.Length;
        LongestLength = Math.Max(LongestLength, ids.Length);
    }

    /// <summary>No more ids are added: they can be read.</summary>
    internal void Complete()
    {
        FinishBlock();
        _file?.Complete();
    }

    /// <inheritdoc/>
    public void Dispose() => _file?.Dispose();

    /// <summary>Puts the last block into the file where memory holds its share.</summary>
    private void FinishBlock()
    {
        if (_blocks.Count == 0)
        {
            return;
        }
        int[] ids = _blocks[^1]!;
        bool goesToFile = sizeof(int) * (_inMemory + ids.Length) > _memoryLimit;
        _firstInFile.Add(_file?.Count ?? 0);
        if (goesToFile)
        {
            _file ??= new MappedIds();
            _file.Append(ids.AsSpan(0, _used));
            _blocks[^1] = null;
        }
        else
        {
            _inMemory += ids.Length;
        }
    }
}
