namespace Engram.Tasks;

/// <summary>From what the network puts out to tags.</summary>
internal sealed class TagDecoder(IReadOnlyList<string> tags, TagScheme learnt, TagScheme told, bool crf)
{
    private readonly TagRules? _rules = crf ? Tags.Rules(tags, learnt) : null;

    /// <summary>The scheme that tags are told in.</summary>
    public TagScheme Told => told;

    /// <summary>Tags of a sentence.</summary>
    /// <param name="scores">Scores of each tag, or pair of tags, for each token.</param>
    /// <param name="tokens">Number of tokens.</param>
    public IReadOnlyList<string> Decode(ReadOnlySpan<float> scores, int tokens)
    {
        string[] path = new string[tokens];
        if (crf)
        {
            TagPath best = Viterbi.Decode(scores[..(tokens * tags.Count * tags.Count)], tokens, tags.Count, rules: _rules);
            for (int i = 0; i < tokens; i++)
            {
                path[i] = tags[best.Tags[i]];
            }
        }
        else
        {
            for (int i = 0; i < tokens; i++)
            {
                path[i] = tags[System.Numerics.Tensors.TensorPrimitives.IndexOfMax(scores.Slice(i * tags.Count, tags.Count))];
            }
        }
        return Tags.Convert(path, learnt, told);
    }
}
