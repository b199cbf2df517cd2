namespace Engram.Tasks;

/// <summary>The baseline: each word gets the tag that it has most often in the training part, an unknown one that of all words; of equally frequent tags the first by name.</summary>
internal sealed class MajorityTags
{
    private readonly Dictionary<string, string> _tagOf;
    private readonly string _usual;

    public MajorityTags(IEnumerable<TaggedSentence> sentences)
    {
        Dictionary<string, Dictionary<string, int>> counts = new(StringComparer.Ordinal);
        Dictionary<string, int> all = new(StringComparer.Ordinal);
        foreach (TaggedSentence sentence in sentences)
        {
            for (int i = 0; i < sentence.Tokens.Count; i++)
            {
                string token = sentence.Tokens[i], tag = sentence.Tags![i];
                Dictionary<string, int> ofToken = counts.TryGetValue(token, out Dictionary<string, int>? known) ? known : counts[token] = new(StringComparer.Ordinal);
                ofToken[tag] = ofToken.GetValueOrDefault(tag) + 1;
                all[tag] = all.GetValueOrDefault(tag) + 1;
            }
        }
        _tagOf = counts.ToDictionary(token => token.Key, token => Most(token.Value), StringComparer.Ordinal);
        _usual = Most(all);
    }

    private MajorityTags(string usual, Dictionary<string, string> tagOf) => (_usual, _tagOf) = (usual, tagOf);

    /// <summary>What a model file holds.</summary>
    /// <exception cref="FormatException">Something is missing.</exception>
    public static MajorityTags Of(MajorityDocument document)
    {
        TaskModel.Require(document.Usual is not null && document.Words is not null && document.Words.Values.All(words => words is not null && words.All(word => word is not null)), "its majority tags are missing");
        Dictionary<string, string> tagOf = new(StringComparer.Ordinal);
        foreach ((string tag, IReadOnlyList<string> words) in document.Words!)
        {
            foreach (string word in words)
            {
                TaskModel.Require(tagOf.TryAdd(word, tag), "a word has two majority tags");
            }
        }
        return new MajorityTags(document.Usual!, tagOf);
    }

    /// <summary>What a model file keeps.</summary>
    public MajorityDocument ToDocument() => new(_usual, _tagOf.Where(word => word.Value != _usual)
        .GroupBy(word => word.Value, word => word.Key, StringComparer.Ordinal).OrderBy(tag => tag.Key, StringComparer.Ordinal)
        .ToDictionary(tag => tag.Key, tag => (IReadOnlyList<string>)[.. tag.Order(StringComparer.Ordinal)]));

    /// <summary>How good its tags are.</summary>
    /// <param name="sentences">Tagged sentences.</param>
    /// <param name="scheme">Their scheme.</param>
    public TaggingMetrics Score(IEnumerable<TaggedSentence> sentences, TagScheme scheme)
    {
        ChunkCounts counts = new(scheme);
        foreach (TaggedSentence sentence in sentences)
        {
            counts.Add(sentence.Tags!, Tag(sentence.Tokens));
        }
        return counts.Metrics();
    }

    public string[] Tag(IReadOnlyList<string> tokens) => [.. tokens.Select(token => _tagOf.GetValueOrDefault(token, _usual))];

    private static string Most(Dictionary<string, int> counts) => counts.OrderByDescending(tag => tag.Value).ThenBy(tag => tag.Key, StringComparer.Ordinal).First().Key;
}

/// <summary>The baseline in a model file.</summary>
/// <param name="Usual">The most frequent tag, which words have that are not told of.</param>
/// <param name="Words">The words that have another tag most often, by that tag.</param>
internal sealed record MajorityDocument(string Usual, IReadOnlyDictionary<string, IReadOnlyList<string>> Words);
