namespace Engram.Data;

public sealed partial class TextEncoder
{
    /// <summary>
    /// The ids of many texts, computed on several threads, in the order of the texts. The texts are gone through once, and no more of them are held than the
    /// threads are at work on; what <paramref name="memoryLimit"/> does not hold of the ids goes to a temporary file.
    /// </summary>
    /// <param name="texts">The texts.</param>
    /// <param name="memoryLimit">Bytes of ids that stay in memory, four a token, 0 or more.</param>
    /// <param name="threads">Threads that encode, 1 or more: 1 is the caller's alone, more are beside it. As many as there are processors where null. The ids do not depend on it.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative limit, or no thread.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="Files.FileWriteException">The temporary file cannot be written.</exception>
    public EncodedTexts EncodeAll(
        IEnumerable<string> texts, long memoryLimit = EncodedTexts.DefaultMemoryLimit, int? threads = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ThrowIfNoThread(threads);
        EncodedTexts encoded = new(memoryLimit);
        try
        {
            EncodeInto(encoded, texts, threads ?? Environment.ProcessorCount, cancellation);
            encoded.Complete();
            return encoded;
        }
        catch
        {
            encoded.Dispose();
            throw;
        }
    }

    private void EncodeInto(EncodedTexts encoded, IEnumerable<string> texts, int threads, CancellationToken cancellation)
    {
        int most = 2 * threads;
        TaskFactory encoders = new(cancellation, TaskCreationOptions.None, TaskContinuationOptions.None, new ConcurrentExclusiveSchedulerPair(TaskScheduler.Default, threads).ConcurrentScheduler);
        Queue<Task<(List<int> Ids, List<int> Ends)>> atWork = new();
        foreach (IReadOnlyList<string> chunk in TextChunks.Of(texts))
        {
            cancellation.ThrowIfCancellationRequested();
            if (atWork.Count == most)
            {
                Append(encoded, atWork.Dequeue());
            }
            atWork.Enqueue(threads == 1 ? Task.FromResult(EncodeChunk(chunk)) : encoders.StartNew(() => EncodeChunk(chunk)));
        }
        while (atWork.TryDequeue(out Task<(List<int>, List<int>)>? next))
        {
            Append(encoded, next);
        }
    }

    private (List<int> Ids, List<int> Ends) EncodeChunk(IReadOnlyList<string> texts)
    {
        List<int> ids = [], ends = [];
        foreach (string text in texts)
        {
            Encode(text, ids);
            ends.Add(ids.Count);
        }
        return (ids, ends);
    }

    private static void Append(EncodedTexts encoded, Task<(List<int> Ids, List<int> Ends)> chunk)
    {
        (List<int> ids, List<int> ends) = chunk.GetAwaiter().GetResult();
        ReadOnlySpan<int> all = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(ids);
        int first = 0;
        foreach (int end in ends)
        {
            encoded.Add(all[first..end]);
            first = end;
        }
    }

    private static void ThrowIfNoThread(int? threads) => ArgumentOutOfRangeException.ThrowIfLessThan(threads ?? 1, 1, nameof(threads));
}
