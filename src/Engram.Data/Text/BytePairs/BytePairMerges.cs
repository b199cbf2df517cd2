using System.Buffers;
using System.Text;

namespace Engram.Data;

/// <summary>
/// Byte-pair encoding (Sennrich et al. 2016) of words: their bytes, of which the two neighbours whose pair was learnt first are merged, again and again,
/// until no pair is left that was learnt. Ids are those of a <see cref="Vocabulary"/>: behind the special entries the 256 bytes, then the pieces.
/// </summary>
internal sealed class BytePairMerges
{
    public const int FirstByte = Vocabulary.SpecialCount;

    private const int LongWord = 48;

    private readonly Dictionary<long, (int Rank, int Id)> _merges;

    /// <param name="merges">Pairs of ids and the id of what they become, in the order in which they were learnt.</param>
    public BytePairMerges(IReadOnlyList<(int Left, int Right, int Id)> merges)
    {
        All = merges;
        _merges = new Dictionary<long, (int, int)>(merges.Count);
        for (int rank = 0; rank < merges.Count; rank++)
        {
            (int left, int right, int id) = merges[rank];
            _merges.Add(Pair(left, right), (rank, id));
        }
    }

    /// <summary>All of them, in the order in which they were learnt.</summary>
    public IReadOnlyList<(int Left, int Right, int Id)> All { get; }

    /// <summary>Two ids as one number.</summary>
    public static long Pair(int left, int right) => ((long)left << 32) | (uint)right;

    /// <summary>The tokens of the bytes.</summary>
    public static IEnumerable<string> ByteTokens => Enumerable.Range(0, 256).Select(value => ByteAlphabet.CharacterOf((byte)value).ToString());

    /// <summary>Appends the ids of a word.</summary>
    public void Encode(ReadOnlySpan<char> word, List<int> ids)
    {
        int most = Encoding.UTF8.GetMaxByteCount(word.Length);
        byte[]? rented = most > 512 ? ArrayPool<byte>.Shared.Rent(most) : null;
        Span<byte> bytes = rented ?? stackalloc byte[512];
        bytes = bytes[..Encoding.UTF8.GetBytes(word, bytes)];
        int first = ids.Count;
        foreach (byte value in bytes)
        {
            ids.Add(FirstByte + value);
        }
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
        int length = ids.Count - first;
        length = length <= LongWord ? Merge(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ids)[first..])
            : MergeLong(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ids)[first..]);
        ids.RemoveRange(first + length, ids.Count - first - length);
    }

    /// <summary>Looks at all pairs for each merge: the fastest way for words, which are short.</summary>
    /// <returns>How many ids are left, at the beginning.</returns>
    private int Merge(Span<int> ids)
    {
        int length = ids.Length;
        while (length > 1)
        {
            (int best, int at, int id) = (int.MaxValue, 0, 0);
            for (int i = 0; i + 1 < length; i++)
            {
                if (_merges.TryGetValue(Pair(ids[i], ids[i + 1]), out (int Rank, int Id) merge) && merge.Rank < best)
                {
                    (best, at, id) = (merge.Rank, i, merge.Id);
                }
            }
            if (best == int.MaxValue)
            {
                break;
            }
            ids[at] = id;
            ids[(at + 2)..length].CopyTo(ids[(at + 1)..]);
            length--;
        }
        return length;
    }

    /// <summary>The same by a queue of pairs, whose time does not grow with the square of the length.</summary>
    private int MergeLong(Span<int> ids)
    {
        const int gone = -1;
        int[] next = new int[ids.Length], previous = new int[ids.Length];
        PriorityQueue<(int At, int Left, int Right), (int Rank, int At)> queue = new();
        for (int i = 0; i < ids.Length; i++)
        {
            (next[i], previous[i]) = (i + 1 < ids.Length ? i + 1 : gone, i - 1);
            if (i + 1 < ids.Length)
            {
                Enqueue(i, ids[i], ids[i + 1]);
            }
        }
        while (queue.TryDequeue(out (int At, int Left, int Right) pair, out _))
        {
            int right = next[pair.At];
            if (ids[pair.At] != pair.Left || right == gone || ids[right] != pair.Right)
            {
                continue;
            }
            ids[pair.At] = _merges[Pair(pair.Left, pair.Right)].Id;
            ids[right] = gone;
            next[pair.At] = next[right];
            if (next[pair.At] is >= 0 and int behind)
            {
                previous[behind] = pair.At;
                Enqueue(pair.At, ids[pair.At], ids[behind]);
            }
            if (previous[pair.At] is >= 0 and int before)
            {
                Enqueue(before, ids[before], ids[pair.At]);
            }
        }
        int length = 0;
        foreach (int id in ids)
        {
            if (id != gone)
            {
                ids[length++] = id;
            }
        }
        return length;

        void Enqueue(int at, int left, int right)
        {
            if (_merges.TryGetValue(Pair(left, right), out (int Rank, int Id) merge))
            {
                queue.Enqueue((at, left, right), (merge.Rank, at));
            }
        }
    }
}
