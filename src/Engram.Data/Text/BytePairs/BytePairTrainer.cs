using System.Runtime.InteropServices;
using System.Text;

namespace Engram.Data;

/// <summary>
/// Learns byte pairs: the most frequent pair of neighbours in all words becomes a piece of its own, again and again (Sennrich et al. 2016). Of equally
/// frequent pairs the one of smaller ids is first. The counts of pairs are kept up to date, and a queue tells the most frequent, so that a
/// merge costs what the words with this pair do, and not all words.
/// </summary>
internal sealed class BytePairTrainer
{
    private readonly List<int[]> _words = [];
    private readonly List<long> _countOf = [];
    private readonly Dictionary<long, long> _pairs = [];
    private readonly Dictionary<long, List<int>> _wordsOf = [];
    private readonly PriorityQueue<long, (long Count, long Pair)> _queue = new();
    private readonly List<string> _tokens = [.. Vocabulary.Specials, .. BytePairMerges.ByteTokens];
    private readonly Dictionary<string, int> _idOf;
    private readonly HashSet<long> _changed = [];

    private BytePairTrainer(IEnumerable<KeyValuePair<string, long>> words)
    {
        _idOf = _tokens.Select((token, id) => (token, id)).ToDictionary(entry => entry.token, entry => entry.id, StringComparer.Ordinal);
        foreach ((string word, long count) in words)
        {
            int number = _words.Count;
            int[] ids = [.. Encoding.UTF8.GetBytes(word).Select(value => BytePairMerges.FirstByte + value)];
            _words.Add(ids);
            _countOf.Add(count);
            for (int i = 0; i + 1 < ids.Length; i++)
            {
                Count(BytePairMerges.Pair(ids[i], ids[i + 1]), count, number);
            }
        }
        Queue();
    }

    /// <summary>Learns from counted words.</summary>
    /// <param name="words">Words and how often each occurs.</param>
    /// <param name="entries">Most entries of the vocabulary.</param>
    /// <param name="minimumCount">How often a pair must occur to be merged.</param>
    /// <param name="cancellation">Ends it.</param>
    public static (Vocabulary Vocabulary, BytePairMerges Merges) Learn(
        IEnumerable<KeyValuePair<string, long>> words, int entries, int minimumCount, CancellationToken cancellation)
    {
        BytePairTrainer trainer = new(words);
        List<(int Left, int Right, int Id)> merges = [];
        while (trainer._tokens.Count < entries && trainer.MostFrequent(minimumCount) is var (left, right))
        {
            cancellation.ThrowIfCancellationRequested();
            merges.Add((left, right, trainer.Merge(left, right)));
        }
        return (new Vocabulary([.. trainer._tokens], trainer.Counts()), new BytePairMerges(merges));
    }

    private (int Left, int Right)? MostFrequent(int minimumCount)
    {
        while (_queue.TryDequeue(out long pair, out (long Count, long Pair) order))
        {
            long count = _pairs.GetValueOrDefault(pair);
            if (count != -order.Count)
            {
                continue; // Another entry of the queue has the count of now.
            }
            if (count < minimumCount)
            {
                return null;
            }
            (int left, int right) = ((int)(pair >> 32), (int)pair);
            if (_tokens[left].Length + _tokens[right].Length <= TextOptions.LongestToken)
            {
                return (left, right);
            }
        }
        return null;
    }

    private int Merge(int left, int right)
    {
        string token = _tokens[left] + _tokens[right];
        if (!_idOf.TryGetValue(token, out int id))
        {
            id = _tokens.Count;
            _tokens.Add(token);
            _idOf.Add(token, id);
        }
        long pair = BytePairMerges.Pair(left, right);
        _wordsOf.Remove(pair, out List<int>? words);
        foreach (int word in words!)
        {
            Replace(word, left, right, id);
        }
        _pairs.Remove(pair);
        _changed.Remove(pair);
        Queue();
        return id;
    }

    /// <summary>Replaces a pair in a word, and counts the pairs that the word loses and gains.</summary>
    private void Replace(int word, int left, int right, int id)
    {
        int[] ids = _words[word];
        long count = _countOf[word];
        int length = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            if (i + 1 == ids.Length || ids[i] != left || ids[i + 1] != right)
            {
                ids[length++] = ids[i];
                continue;
            }
            // … a left right b … becomes … a id b …; a may be an id that has just come.
            if (length > 0)
            {
                Count(BytePairMerges.Pair(ids[length - 1], left), -count, word);
                Count(BytePairMerges.Pair(ids[length - 1], id), count, word);
            }
            if (i + 2 < ids.Length)
            {
                Count(BytePairMerges.Pair(right, ids[i + 2]), -count, word);
                Count(BytePairMerges.Pair(id, ids[i + 2]), count, word);
            }
            ids[length++] = id;
            i++;
        }
        if (length < ids.Length)
        {
            _words[word] = ids[..length];
        }
    }

    private void Count(long pair, long change, int word)
    {
        CollectionsMarshal.GetValueRefOrAddDefault(_pairs, pair, out _) += change;
        _changed.Add(pair);
        if (change > 0)
        {
            List<int> words = CollectionsMarshal.GetValueRefOrAddDefault(_wordsOf, pair, out _) ??= [];
            if (words.Count == 0 || words[^1] != word)
            {
                words.Add(word);
            }
        }
    }

    /// <summary>Puts the pairs whose count has changed into the queue.</summary>
    private void Queue()
    {
        foreach (long pair in _changed)
        {
            long count = _pairs[pair];
            if (count > 0)
            {
                _queue.Enqueue(pair, (-count, pair));
            }
            else
            {
                _pairs.Remove(pair);
                _wordsOf.Remove(pair);
            }
        }
        _changed.Clear();
    }

    private long[] Counts()
    {
        long[] counts = new long[_tokens.Count];
        for (int word = 0; word < _words.Count; word++)
        {
            foreach (int id in _words[word])
            {
                counts[id] += _countOf[word];
            }
        }
        return counts;
    }
}
