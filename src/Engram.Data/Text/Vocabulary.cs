namespace Engram.Data;

/// <summary>
/// The tokens that have a number, and the number of each: first the four special ones, then the others by falling frequency, equally frequent ones in
/// ordinal order, so that the same texts always give the same numbers. It does not change once it is made.
/// </summary>
public sealed class Vocabulary
{
    /// <summary>The id of padding.</summary>
    public const int Padding = 0;

    /// <summary>The id of every token that is not in the vocabulary.</summary>
    public const int Unknown = 1;

    /// <summary>The id of the start of a text.</summary>
    public const int Start = 2;

    /// <summary>The id of the end of a text or line.</summary>
    public const int End = 3;

    internal const int SpecialCount = 4;

    private static readonly string[] _specials = ["<pad>", "<unk>", "<s>", "</s>"];

    private readonly string[] _tokens;
    private readonly long[]? _counts;
    private readonly Dictionary<string, int> _idOf;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _idOfSpan;

    /// <param name="tokens">All tokens, the special ones first, none twice.</param>
    /// <param name="counts">How often each occurred where it was learnt; null where that is not known.</param>
    internal Vocabulary(string[] tokens, long[]? counts)
    {
        (_tokens, _counts) = (tokens, counts);
        _idOf = new Dictionary<string, int>(tokens.Length, StringComparer.Ordinal);
        for (int id = 0; id < tokens.Length; id++)
        {
            _idOf.Add(tokens[id], id);
        }
        _idOfSpan = _idOf.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Names of the special entries, in the order of their ids.</summary>
    public static IReadOnlyList<string> Specials => _specials;

    /// <summary>Number of entries, the special ones included.</summary>
    public int Count => _tokens.Length;

    /// <summary>All tokens in the order of their ids.</summary>
    public IReadOnlyList<string> Tokens => _tokens;

    /// <summary>The token of an id.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is none.</exception>
    public string this[int id] => (uint)id < (uint)_tokens.Length ? _tokens[id]
        : throw new ArgumentOutOfRangeException(nameof(id), id, $"Ids are 0 … {_tokens.Length - 1}.");

    /// <summary>The id of a token; <see cref="Unknown"/> where it is not in the vocabulary.</summary>
    public int IdOf(ReadOnlySpan<char> token) => _idOfSpan.TryGetValue(token, out int id) ? id : Unknown;

    /// <summary>Looks a token up.</summary>
    /// <returns>False where it is not in the vocabulary.</returns>
    public bool TryGetId(ReadOnlySpan<char> token, out int id) => _idOfSpan.TryGetValue(token, out id);

    /// <summary>
    /// How often each token occurred in the texts that the vocabulary was learnt from, by id: under <see cref="Unknown"/> all that are not in it.
    /// Null where that is not known.
    /// </summary>
    public IReadOnlyList<long>? Counts => _counts;

    /// <summary>Makes a vocabulary of counted tokens.</summary>
    /// <param name="counts">How often each token occurred; names of special entries among them count for these.</param>
    /// <param name="limit">Most entries, the special ones included; null for all.</param>
    /// <param name="minimumCount">How often a token must occur.</param>
    internal static Vocabulary Of(IEnumerable<KeyValuePair<string, long>> counts, int? limit, int minimumCount)
    {
        long[] special = new long[SpecialCount];
        List<KeyValuePair<string, long>> kept = [];
        foreach (KeyValuePair<string, long> token in counts)
        {
            int id = Array.IndexOf(_specials, token.Key);
            if (id < 0 && token.Value >= minimumCount && token.Key.Length <= TextOptions.LongestToken)
            {
                kept.Add(token);
            }
            else
            {
                special[id < 0 ? Unknown : id] += token.Value;
            }
        }
        kept.Sort(static (a, b) => a.Value != b.Value ? b.Value.CompareTo(a.Value) : string.CompareOrdinal(a.Key, b.Key));
        int most = Math.Min(kept.Count, (limit ?? int.MaxValue) - SpecialCount);
        foreach (KeyValuePair<string, long> rare in kept[most..])
        {
            special[Unknown] += rare.Value;
        }
        return new Vocabulary([.. _specials, .. kept.Take(most).Select(token => token.Key)], [.. special, .. kept.Take(most).Select(token => token.Value)]);
    }
}
