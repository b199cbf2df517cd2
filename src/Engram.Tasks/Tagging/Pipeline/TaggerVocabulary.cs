using Engram.Data;

namespace Engram.Tasks;

/// <summary>What numbers stand for words, characters, features and tags. The same sentence always gets the same numbers.</summary>
internal sealed class TaggerVocabulary
{
    /// <summary>Characters of a word that are read, at most.</summary>
    public const int MostCharacters = 20;

    private readonly Dictionary<string, int> _tagIds;

    public TaggerVocabulary(Vocabulary words, Vocabulary characters, IReadOnlyList<Vocabulary> features, IReadOnlyList<string> tags)
    {
        (Words, Characters, Features, Tags) = (words, characters, features, tags);
        _tagIds = tags.Select((tag, id) => (tag, id)).ToDictionary(pair => pair.tag, pair => pair.id, StringComparer.Ordinal);
    }

    /// <summary>Words, in small letters.</summary>
    public Vocabulary Words { get; }

    public Vocabulary Characters { get; }

    /// <summary>Those of the spelling first, then those of further columns.</summary>
    public IReadOnlyList<Vocabulary> Features { get; }

    /// <summary>Tags in the scheme that the network learns, by name.</summary>
    public IReadOnlyList<string> Tags { get; }

    /// <summary>Learns from sentences.</summary>
    /// <param name="sentences">The training part.</param>
    /// <param name="tags">Their tags, in the scheme that the network learns.</param>
    /// <param name="minimumCount">How often a word must occur.</param>
    public static TaggerVocabulary Learn(IReadOnlyList<TaggedSentence> sentences, IEnumerable<IReadOnlyList<string>> tags, int minimumCount)
    {
        int features = TokenSpelling.FeatureCount + sentences[0].Features.Count;
        return new TaggerVocabulary(
            Count(sentences.SelectMany(sentence => sentence.Tokens.Select(token => TokenSpelling.Normalize(token))), minimumCount),
            Count(sentences.SelectMany(sentence => sentence.Tokens).SelectMany(token => TokenSpelling.Characters(token, MostCharacters)), 1),
            [.. Enumerable.Range(0, features).Select(feature => Count(
                sentences.SelectMany(sentence => Enumerable.Range(0, sentence.Tokens.Count).Select(i => Feature(sentence, feature, i))), feature == 0 ? 1 : 2))],
            [.. tags.SelectMany(sentence => sentence).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);
    }

    /// <summary>A sentence in numbers.</summary>
    /// <param name="sentence">The sentence.</param>
    /// <param name="tags">Its tags in the scheme that the network learns; null where they are not wanted. One never seen in training is −1.</param>
    public EncodedSentence Encode(TaggedSentence sentence, IReadOnlyList<string>? tags)
    {
        int[] places = [.. Enumerable.Range(0, sentence.Tokens.Count)];
        return new EncodedSentence(
            [.. sentence.Tokens.Select(token => Words.IdOf(TokenSpelling.Normalize(token)))],
            [.. sentence.Tokens.Select(token => TokenSpelling.Characters(token, MostCharacters).Select(character => Characters.IdOf(character)).ToArray())],
            [.. Features.Select((vocabulary, feature) => places.Select(i => vocabulary.IdOf(Feature(sentence, feature, i))).ToArray())],
            tags is null ? [] : [.. tags.Select(tag => _tagIds.GetValueOrDefault(tag, -1))]);
    }

    private static string Feature(TaggedSentence sentence, int feature, int token) => feature < TokenSpelling.FeatureCount
        ? TokenSpelling.Feature(sentence.Tokens[token], feature) : sentence.Features[feature - TokenSpelling.FeatureCount][token];

    private static Vocabulary Count(IEnumerable<string> texts, int minimumCount)
    {
        Dictionary<string, long> counts = new(StringComparer.Ordinal);
        foreach (string text in texts)
        {
            counts[text] = counts.GetValueOrDefault(text) + 1;
        }
        return Vocabulary.Of(counts, limit: null, minimumCount);
    }
}

/// <summary>A sentence in numbers.</summary>
/// <param name="Words">The word at each place.</param>
/// <param name="Characters">Its characters.</param>
/// <param name="Features">For each feature that of the word at each place.</param>
/// <param name="Tags">The tag at each place; empty where they are not known.</param>
internal sealed record EncodedSentence(int[] Words, int[][] Characters, int[][] Features, int[] Tags)
{
    public int Length => Words.Length;
}
