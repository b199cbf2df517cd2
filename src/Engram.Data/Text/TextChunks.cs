namespace Engram.Data;

/// <summary>Cuts a sequence of texts into pieces that are worth handing to a thread.</summary>
internal static class TextChunks
{
    private const int Characters = 1 << 17;

    public static IEnumerable<IReadOnlyList<string>> Of(IEnumerable<string> texts)
    {
        List<string> chunk = [];
        int length = 0;
        foreach (string text in texts)
        {
            chunk.Add(text ?? throw new ArgumentException("One of the texts is null.", nameof(texts)));
            length += text.Length;
            if (length >= Characters)
            {
                yield return chunk;
                (chunk, length) = ([], 0);
            }
        }
        if (chunk.Count > 0)
        {
            yield return chunk;
        }
    }
}
