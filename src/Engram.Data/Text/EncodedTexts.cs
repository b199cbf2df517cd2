using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Engram.Data;

/// <summary>The token ids of many texts, one behind the other. Made by <see cref="TextEncoder.EncodeAll"/>; reading is safe from many threads at once.</summary>
public sealed class EncodedTexts
{
    private const int BlockSize = 1 << 18; // ids

    private readonly List<int[]> _blocks = [];
    private readonly List<(int Block, int First, int Length)> _places = [];
    private int _used;

    internal EncodedTexts()
    {
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
        return encoded;
    }

    /// <summary>The ids of a text.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such text.</exception>
    public ReadOnlySpan<int> this[int text]
    {
        get
        {
            (int block, int first, int length) = _places[text];
            return _blocks[block].AsSpan(first, length);
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
        if (_blocks.Count == 0 || _blocks[^1].Length - _used < ids.Length)
        {
            _blocks.Add(new int[Math.Max(BlockSize, ids.Length)]);
            _used = 0;
        }
        ids.CopyTo(_blocks[^1].AsSpan(_used));
        _places.Add((_blocks.Count - 1, _used, ids.Length));
        _used += ids.Length;
        TokenCount += ids.Length;
        LongestLength = Math.Max(LongestLength, ids.Length);
    }
}
