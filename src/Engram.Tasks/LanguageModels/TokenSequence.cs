using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Engram.Data;

namespace Engram.Tasks;

/// <summary>
/// The token ids of a running text in pieces of one length, but for the last: in memory or in a temporary file, as <see cref="EncodedTexts"/> are. First all are added, then
/// all are read, by many threads at once. The file goes with the garbage collector where nobody closes it.
/// </summary>
/// <param name="memoryLimit">Bytes of ids that stay in memory, 0 or more.</param>
internal sealed class TokenSequence(long memoryLimit = EncodedTexts.DefaultMemoryLimit) : IDisposable
{
    private const int PieceSize = 1 << 16;

    private readonly EncodedTexts _pieces = new(memoryLimit);
    private int[] _last = new int[PieceSize];
    private int _used;

    /// <summary>Number of tokens.</summary>
    public int Length { get; private set; }

    /// <summary>Number of pieces.</summary>
    public int PieceCount => _pieces.Count;

    /// <summary>Makes one of ids.</summary>
    public static TokenSequence Of(params ReadOnlySpan<int> ids)
    {
        TokenSequence sequence = new();
        sequence.Add(ids);
        sequence.Complete();
        return sequence;
    }

    /// <summary>Adds ids behind the others.</summary>
    /// <exception cref="DataException">There are more than can be counted.</exception>
    public void Add(params ReadOnlySpan<int> ids)
    {
        if (ids.Length > int.MaxValue - Length)
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture,
                $"The text has more than {int.MaxValue:N0} tokens, the most that are read as one. Give a part of it, or use a tokenizer of longer tokens."));
        }
        Length += ids.Length;
        while (!ids.IsEmpty)
        {
            int count = Math.Min(ids.Length, PieceSize - _used);
            ids[..count].CopyTo(_last.AsSpan(_used));
            ids = ids[count..];
            _used += count;
            if (_used == PieceSize)
            {
                _pieces.Add(_last);
                _used = 0;
            }
        }
    }

    /// <summary>No more ids are added: they can be read.</summary>
    public void Complete()
    {
        if (_used > 0)
        {
            _pieces.Add(_last.AsSpan(0, _used));
        }
        _pieces.Complete();
        _last = [];
    }

    /// <summary>The ids of a piece.</summary>
    public ReadOnlySpan<int> Piece(int piece) => _pieces[piece];

    /// <summary>Writes the ids from a place on, as numbers that a network reads.</summary>
    public void CopyTo(int first, Span<float> target)
    {
        while (!target.IsEmpty)
        {
            ReadOnlySpan<int> ids = Piece(first / PieceSize)[(first % PieceSize)..];
            int count = Math.Min(ids.Length, target.Length);
            for (int i = 0; i < count; i++)
            {
                target[i] = ids[i];
            }
            target = target[count..];
            first += count;
        }
    }

    /// <summary>The ids in one array, of a text that is short.</summary>
    public int[] ToArray() => [.. Enumerable.Range(0, PieceCount).SelectMany(piece => Piece(piece).ToArray())];

    /// <summary>SHA-256 of all ids, lower-case hexadecimal.</summary>
    public string Sha256()
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int piece = 0; piece < PieceCount; piece++)
        {
            hash.AppendData(MemoryMarshal.AsBytes(Piece(piece)));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <inheritdoc/>
    public void Dispose() => _pieces.Dispose();
}
