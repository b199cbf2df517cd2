using Engram.Data;

namespace Engram.Tasks;

/// <summary>Draws the next token from logits: p = softmax(z / temperature) over the tokens that top-k and top-p leave, and that stand for something.</summary>
internal sealed class TokenSampler
{
    private readonly GenerationOptions _options;
    private readonly RandomStream _random;
    private readonly int[] _order;
    private readonly float[] _probabilities;
    private long _drawn;

    /// <param name="options">How.</param>
    /// <param name="vocabulary">Number of tokens.</param>
    /// <param name="mayEnd">Whether <see cref="Vocabulary.End"/> stands for something: the end of a line.</param>
    public TokenSampler(GenerationOptions options, int vocabulary, bool mayEnd)
    {
        (_options, _random) = (options, new RandomStream(options.Seed).Derive("generate"));
        _order = [.. Enumerable.Range(0, vocabulary).Where(id => id > Vocabulary.End || (id == Vocabulary.End && mayEnd))];
        _probabilities = new float[vocabulary];
    }

    /// <summary>The next token.</summary>
    /// <param name="logits">[vocabulary].</param>
    public int Next(ReadOnlySpan<float> logits)
    {
        Span<int> ids = _order;
        float[] scores = logits.ToArray();
        // Of equal ones the smaller id comes first, so that the order is always the same.
        ids.Sort((a, b) => scores[a] != scores[b] ? scores[b].CompareTo(scores[a]) : a.CompareTo(b));
        if (_options.Temperature == 0)
        {
            return ids[0];
        }
        ids = ids[..Math.Min(ids.Length, _options.TopK ?? ids.Length)];
        Span<float> probabilities = _probabilities.AsSpan(0, ids.Length);
        for (int i = 0; i < ids.Length; i++)
        {
            // From the largest down, before the division: no temperature is so small that it overflows to what is no number.
            probabilities[i] = (float)((scores[ids[i]] - scores[ids[0]]) / _options.Temperature);
        }
        Probabilities.Softmax(probabilities);
        if (_options.TopP is { } share)
        {
            int kept = 0;
            for (double sum = 0; kept < ids.Length && sum < share; kept++)
            {
                sum += probabilities[kept];
            }
            ids = ids[..kept];
            probabilities = probabilities[..kept];
        }
        double total = 0;
        foreach (float probability in probabilities)
        {
            total += probability;
        }
        double point = _random.Uniform(_drawn++) * total;
        for (int i = 0; i < ids.Length; i++)
        {
            point -= probabilities[i];
            if (point < 0)
            {
                return ids[i];
            }
        }
        return ids[^1];
    }
}
