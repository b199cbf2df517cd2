namespace Engram.Data;

public sealed partial class TextEncoder
{
    /// <summary>
    /// The ids of many texts, computed on all threads, in the order of the texts. The texts are gone through once, and no more of them are held than the
    /// threads are at work on; of the ids <see cref="EncodedTexts.DefaultMemoryLimit"/> bytes stay in memory, and what is more goes to a temporary file.
    /// </summary>
    /// <param name="texts">The texts.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="Files.FileWriteException">The temporary file cannot be written.</exception>
    public EncodedTexts EncodeAll(IEnumerable<string> texts, CancellationToken cancellation = default) =>
        EncodeAll(texts, EncodedTexts.DefaultMemoryLimit, cancellation);

    /// <summary>The same with a limit of memory.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="memoryLimit">Bytes of ids that stay in memory, four a token, 0 or more.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    /// <exception cref="Files.FileWriteException">The temporary file cannot be written.</exception>
    public EncodedTexts EncodeAll(IEnumerable<string> texts, long memoryLimit, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        EncodedTexts encoded = new(memoryLimit);
        try
        {
            EncodeInto(encoded, texts, cancellation);
            encoded.Complete();
            return encoded;
        }
        catch
        {
            encoded.Dispose();
            throw;
        }
    }

    private void EncodeInto(EncodedTexts encoded, IEnumerable<string> texts, CancellationToken cancellation)
    {
        int most = 2 * Environment.ProcessorCount;
        Queue<Task<(List<int> Ids, List<int> Ends)>> atWork = new();
        foreach (IReadOnlyList<string> chunk in TextChunks.Of(texts))
        {
            cancellation.ThrowIfCancellationRequested();
            if (atWork.Count == most)
            {
                Append(encoded, atWork.Dequeue());
            }
            atWork.Enqueue(Task.Run(() => EncodeChunk(chunk), cancellation));
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
}
