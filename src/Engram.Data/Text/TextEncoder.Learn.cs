using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Engram.Data;

public sealed partial class TextEncoder
{
    /// <summary>Learns the vocabulary of texts, which are gone through once. The same texts give the same vocabulary for any number of threads.</summary>
    /// <param name="texts">The texts: those to train on, never those to test on.</param>
    /// <param name="options">How they are cut; defaults where not given.</param>
    /// <param name="threads">Threads that count, 1 or more; as many as there are processors where null.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option, or the number of threads, is outside its range.</exception>
    /// <exception cref="DataException">No text holds a token, or none is as frequent as <see cref="TextOptions.MinimumCount"/> asks.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static TextEncoder Learn(IEnumerable<string> texts, TextOptions? options = null, int? threads = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ThrowIfNoThread(threads);
        options ??= new TextOptions();
        options.Check();
        Tokenizer tokenizer = Tokenizer.Of(options.Tokenizer);
        Dictionary<string, long> counts = Count(texts, new TextNormalizer(options, tokenizer), tokenizer, threads, cancellation);
        if (counts.Count == 0)
        {
            throw new DataException("There is nothing to learn a vocabulary from: no text holds a token. Name another column or file.");
        }
        if (options.Tokenizer == TokenizerKind.Bpe)
        {
            (Vocabulary pieces, BytePairMerges merges) = BytePairTrainer.Learn(counts, options.Vocabulary!.Value, options.MinimumCount, cancellation);
            return new TextEncoder(options, tokenizer, pieces, merges);
        }
        Vocabulary vocabulary = Vocabulary.Of(counts, options.Vocabulary, options.MinimumCount);
        if (vocabulary.Count == Vocabulary.SpecialCount)
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture,
                $"There is nothing to learn a vocabulary from: beside <unk> and the like no token of at most {TextOptions.LongestToken} characters occurs {Quantity.Of(options.MinimumCount, "time")}. Use a smaller minimum count, or name another column or file."));
        }
        return new TextEncoder(options, tokenizer, vocabulary, null);
    }

    /// <summary>Counts the tokens of texts on several threads; sums of whole numbers are the same in any order.</summary>
    private static Dictionary<string, long> Count(IEnumerable<string> texts, TextNormalizer normalizer, Tokenizer tokenizer, int? threads, CancellationToken cancellation)
    {
        Dictionary<string, long> sums = new(StringComparer.Ordinal);
        Lock adding = new();
        Parallel.ForEach(
            Partitioner.Create(TextChunks.Of(texts), EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = threads ?? Environment.ProcessorCount },
            () => new TokenCounter(normalizer, tokenizer),
            (chunk, _, counter) =>
            {
                foreach (string text in chunk)
                {
                    counter.Add(text);
                }
                return counter;
            },
            counter =>
            {
                lock (adding)
                {
                    foreach ((string token, long count) in counter.Counts)
                    {
                        CollectionsMarshal.GetValueRefOrAddDefault(sums, token, out _) += count;
                    }
                }
            });
        return sums;
    }

    /// <summary>Counts of one thread.</summary>
    private sealed class TokenCounter(TextNormalizer normalizer, Tokenizer tokenizer)
    {
        private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _counts =
            new Dictionary<string, long>(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        private char[] _room = [];

        public Dictionary<string, long> Counts => _counts.Dictionary;

        public void Add(string text)
        {
            ReadOnlySpan<char> normal = normalizer.Normalize(text, ref _room);
            for (int position = 0; tokenizer.Next(normal, ref position, out ReadOnlySpan<char> token);)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_counts, token, out _)++;
            }
        }
    }
}
