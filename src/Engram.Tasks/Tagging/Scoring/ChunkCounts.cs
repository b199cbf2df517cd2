namespace Engram.Tasks;

/// <summary>Counts right tags and chunks, sentence by sentence; see <see cref="TaggingMetrics"/>.</summary>
internal sealed class ChunkCounts(TagScheme scheme)
{
    private readonly SortedDictionary<string, (long Right, long Found, long All)> _types = new(StringComparer.Ordinal);
    private long _tokens, _rightTokens;

    /// <summary>Adds a sentence.</summary>
    public void Add(IReadOnlyList<string> tags, IReadOnlyList<string> predicted)
    {
        for (int i = 0; i < tags.Count; i++)
        {
            _tokens++;
            _rightTokens += tags[i] == predicted[i] ? 1 : 0;
        }
        List<Chunk> all = Tags.Chunks(tags, scheme), found = Tags.Chunks(predicted, scheme);
        var right = all.ToHashSet();
        right.IntersectWith(found);
        Count(all, (0, 0, 1));
        Count(found, (0, 1, 0));
        Count(right, (1, 0, 0));
    }

    public TaggingMetrics Metrics()
    {
        ChunkMetrics all = Of((_types.Values.Sum(type => type.Right), _types.Values.Sum(type => type.Found), _types.Values.Sum(type => type.All)));
        return new TaggingMetrics(all.Precision, all.Recall, all.F1, Percent(_rightTokens, _tokens), _tokens, all.Chunks)
        {
            ByType = scheme == TagScheme.None ? null : _types.ToDictionary(type => type.Key, type => Of(type.Value)),
        };
    }

    private void Count(IEnumerable<Chunk> chunks, (int Right, int Found, int All) one)
    {
        foreach (Chunk chunk in chunks)
        {
            (long right, long found, long all) = _types.GetValueOrDefault(chunk.Type);
            _types[chunk.Type] = (right + one.Right, found + one.Found, all + one.All);
        }
    }

    private static ChunkMetrics Of((long Right, long Found, long All) counts)
    {
        double precision = Percent(counts.Right, counts.Found), recall = Percent(counts.Right, counts.All);
        return new ChunkMetrics(precision, recall, counts.Right == 0 ? 0 : 2 * precision * recall / (precision + recall), counts.All);
    }

    private static double Percent(long part, long whole) => whole == 0 ? 0 : 100.0 * part / whole;
}
