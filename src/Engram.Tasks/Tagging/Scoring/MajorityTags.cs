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

    public string[] Tag(IReadOnlyList<string> tokens) => [.. tokens.Select(token => _tagOf.GetValueOrDefault(token, _usual))];

    private static string Most(Dictionary<string, int> counts) => counts.OrderByDescending(tag => tag.Value).ThenBy(tag => tag.Key, StringComparer.Ordinal).First().Key;
}
