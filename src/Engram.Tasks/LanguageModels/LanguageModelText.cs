using Engram.Data;

namespace Engram.Tasks;

/// <summary>The token ids of a running text. Words know no ends of lines, so each becomes a token of its own, <see cref="Vocabulary.End"/>.</summary>
/// <param name="Tokens">The ids.</param>
/// <param name="Characters">Characters of the text.</param>
internal sealed record LanguageModelText(int[] Tokens, long Characters)
{
    /// <summary>Encodes lines that end as they did in the text.</summary>
    public static LanguageModelText Of(TextEncoder encoder, IReadOnlyList<string> lines, CancellationToken cancellation = default)
    {
        EncodedTexts encoded = encoder.EncodeAll(lines, cancellation);
        bool marksLines = MarksLines(encoder);
        List<int> tokens = new(checked((int)encoded.TokenCount));
        for (int line = 0; line < lines.Count; line++)
        {
            tokens.AddRange(encoded[line]);
            if (marksLines && lines[line].EndsWith('\n'))
            {
                tokens.Add(Vocabulary.End);
            }
        }
        return new LanguageModelText([.. tokens], lines.Sum(line => (long)TextCorpus.Characters(line)));
    }

    /// <summary>Whether ends of lines are added to what the encoder gives.</summary>
    public static bool MarksLines(TextEncoder encoder) => encoder.Options.Tokenizer == TokenizerKind.Words;

    /// <summary>How often each id stands in the text.</summary>
    public long[] Counts(int vocabulary)
    {
        long[] counts = new long[vocabulary];
        foreach (int token in Tokens)
        {
            counts[token]++;
        }
        return counts;
    }

    /// <summary>The mean of −ln p of all tokens but the first, where p = (n + 1) / (Σ n + vocabulary).</summary>
    public LanguageModelMetrics Unigram(IReadOnlyList<long> counts)
    {
        double total = counts.Sum() + counts.Count, sum = 0;
        foreach (int token in Tokens.AsSpan(1))
        {
            sum -= Math.Log((counts[token] + 1) / total);
        }
        return LanguageModelMetrics.Of(sum / (Tokens.Length - 1), Tokens.Length - 1, Characters);
    }
}
