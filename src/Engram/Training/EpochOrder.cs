namespace Engram.Training;

/// <summary>
/// The order of samples in an epoch: shuffled; where samples have lengths, those of like length come together in a batch, so that little is padded. For
/// that the shuffled samples of so many batches are sorted by length, and then the batches are shuffled.
/// </summary>
/// <param name="samples">The samples.</param>
/// <param name="batchSize">Samples to a batch.</param>
internal sealed class EpochOrder(ISampleSource samples, int batchSize)
{
    /// <summary>Few enough for batches of an epoch to differ from those of the next, enough for their samples to be alike.</summary>
    private const int BatchesSorted = 64;

    private readonly int[] _order = new int[samples.Count];
    private int[] _batches = [], _shuffled = [];
    private long[] _keys = [];

    /// <summary>The samples' indices, batch after batch.</summary>
    public ReadOnlySpan<int> Samples => _order;

    /// <summary>Whether samples of like length come together.</summary>
    public static bool IsByLength(ISampleSource samples) => samples.HasLengths && (samples.HasMask || samples is SeveralSources);

    /// <summary>Takes the samples as they stand.</summary>
    public void Reset()
    {
        for (int i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }
    }

    /// <summary>Shuffles them anew: a function of the random stream alone.</summary>
    public void Shuffle(RandomStream random)
    {
        Reset();
        random.Shuffle(_order);
        if (IsByLength(samples))
        {
            SortByLength();
            ShuffleBatches(random.Derive("batches"));
        }
    }

    /// <summary>All samples, the longest first, equally long ones in their order: the first batch is then the largest, and memory grows once.</summary>
    public static int[] LongestFirst(ISampleSource samples)
    {
        int[] order = new int[samples.Count];
        long[] keys = new long[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            (order[i], keys[i]) = (i, Key(-(long)samples.StepsOf(i), i));
        }
        Array.Sort(keys, order);
        return order;
    }

    private void SortByLength()
    {
        if (_keys.Length == 0)
        {
            _keys = new long[_order.Length];
        }
        int atOnce = (int)Math.Min((long)BatchesSorted * batchSize, _order.Length);
        for (int first = 0; first < _order.Length; first += atOnce)
        {
            int count = Math.Min(atOnce, _order.Length - first);
            for (int i = first; i < first + count; i++)
            {
                _keys[i] = Key(samples.StepsOf(_order[i]), i - first);
            }
            Array.Sort(_keys, _order, first, count);
        }
    }

    /// <summary>Whole batches change places; one that is not whole stays the last.</summary>
    private void ShuffleBatches(RandomStream random)
    {
        int whole = _order.Length / batchSize;
        if (_batches.Length == 0)
        {
            (_batches, _shuffled) = (new int[whole], new int[_order.Length]);
        }
        for (int i = 0; i < whole; i++)
        {
            _batches[i] = i;
        }
        random.Shuffle(_batches);
        for (int i = 0; i < whole; i++)
        {
            _order.AsSpan(_batches[i] * batchSize, batchSize).CopyTo(_shuffled.AsSpan(i * batchSize));
        }
        _shuffled.AsSpan(0, whole * batchSize).CopyTo(_order);
    }

    /// <summary>Sorts by length, then by place.</summary>
    private static long Key(long length, int place) => (length << 32) + place;
}
