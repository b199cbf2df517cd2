using System.Globalization;
using Engram.Data;

namespace Engram.Tasks;

/// <summary>The token ids of a running text. Words know no ends of lines, so each becomes a token of its own, <see cref="Vocabulary.End"/>.</summary>
/// <param name="Tokens">The ids.</param>
/// <param name="Characters">Characters of the text.</param>
internal sealed record LanguageModelText(TokenSequence Tokens, long Characters)
{
    /// <summary>Encodes lines that end as they did in the text.</summary>
    public static LanguageModelText Of(TextEncoder encoder, IReadOnlyList<string> lines, int? threads = null, CancellationToken cancellation = default)
    {
        using EncodedTexts encoded = encoder.EncodeAll(lines, threads: threads, cancellation: cancellation);
        bool marksLines = MarksLines(encoder);
        TokenSequence tokens = new();
        long characters = 0;
        foreach ((int line, string text) in lines.Index())
        {
            tokens.Add(encoded[line]);
            if (marksLines && text.EndsWith('\n'))
            {
                tokens.Add(Vocabulary.End);
            }
            characters += TextCorpus.Characters(text);
        }
        tokens.Complete();
        return new LanguageModelText(tokens, characters);
    }

    /// <summary>Whether ends of lines are added to what the encoder gives.</summary>
    public static bool MarksLines(TextEncoder encoder) => encoder.Options.Tokenizer == TokenizerKind.Words;

    /// <summary>How often each id stands in the text.</summary>
    public long[] Counts(int vocabulary)
    {
        long[] counts = new long[vocabulary];
        for (int piece = 0; piece < Tokens.PieceCount; piece++)
        {
            foreach (int token in Tokens.Piece(piece))
            {
                counts[token]++;
            }
        }
        return counts;
    }

    /// <summary>
    /// What to know of the scores on this text where it has unknown tokens, because the vocabulary lacks them or the text itself says &lt;unk&gt;: a network that only tells that
    /// one comes has an easier task than one that tells which. Null where all are known.
    /// </summary>
    public string? NoteUnknown()
    {
        int unknown = Enumerable.Range(0, Tokens.PieceCount).Sum(piece => Tokens.Piece(piece).Count(Vocabulary.Unknown));
        return unknown == 0 ? null : string.Create(CultureInfo.InvariantCulture,
            $"{100.0 * unknown / Tokens.Length:0.##}% of the tokens scored are <unk>, which the network need not tell apart: its scores compare only with those of models that have the same <unk>.");
    }

    /// <summary>The mean of −ln p of all tokens but the first, where p = (n + 1) / (Σ n + vocabulary).</summary>
    public LanguageModelMetrics Unigram(IReadOnlyList<long> counts)
    {
        double total = counts.Sum(count => (double)count) + counts.Count, sum = 0;
        for (int piece = 0; piece < Tokens.PieceCount; piece++)
        {
            foreach (int token in Tokens.Piece(piece)[(piece == 0 ? 1 : 0)..])
            {
                sum -= Math.Log((counts[token] + 1) / total);
            }
        }
        return LanguageModelMetrics.Of(sum / (Tokens.Length - 1), Tokens.Length - 1, Characters);
    }
}
