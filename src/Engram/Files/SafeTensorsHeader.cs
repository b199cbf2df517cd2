namespace Engram.Files;

/// <summary>What a header says of one tensor; the offsets count from the end of the header.</summary>
internal sealed record SafeTensorEntry(string Name, SafeTensorType DataType, int[] Shape, long Begin, long End);

/// <summary>A header whose every number has been checked: the tensors lie end to end and fill the data exactly.</summary>
/// <param name="Metadata">The texts under <c>__metadata__</c>, by ordinal order of their keys.</param>
/// <param name="Entries">The tensors in the order of their data.</param>
internal sealed record SafeTensorsHeader(SortedDictionary<string, string> Metadata, IReadOnlyList<SafeTensorEntry> Entries)
{
    /// <summary>The key that holds texts instead of a tensor.</summary>
    public const string MetadataKey = "__metadata__";

    /// <summary>Bytes of the header's length, in front of the header.</summary>
    public const int LengthSize = sizeof(ulong);

    /// <summary>The largest header that readers of the format accept, in bytes.</summary>
    public const int MaxLength = 100_000_000;

    /// <summary>Parses a header and checks that its tensors fill the data.</summary>
    /// <param name="json">The bytes of the header.</param>
    /// <param name="dataLength">Number of bytes that follow it.</param>
    /// <param name="file">Name of the file, for messages.</param>
    /// <exception cref="ModelFileException">The first rule that the header breaks.</exception>
    public static SafeTensorsHeader Parse(ReadOnlySpan<byte> json, long dataLength, string file)
    {
        SafeTensorsHeader header = SafeTensorsHeaderReader.Read(json, file);
        foreach (SafeTensorEntry entry in header.Entries)
        {
            CheckSpan(entry, dataLength, file);
        }
        List<SafeTensorEntry> inOrder = [.. header.Entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End)];
        CheckContiguous(inOrder, dataLength, file);
        return header with { Entries = inOrder };
    }

    private static void CheckSpan(SafeTensorEntry entry, long dataLength, string file)
    {
        (string name, SafeTensorType type, int[] shape, long begin, long end) = entry;
        if (begin > end)
        {
            throw SafeTensorsFault.In(file, name, $"its data begin at {begin} and end before that, at {end}");
        }
        if (end > dataLength)
        {
            throw SafeTensorsFault.In(
                file, name, $"its data end at {end}, past the end of the file, which holds {dataLength} bytes of data");
        }
        if (!type.TryCountBytes(shape, out long due))
        {
            throw SafeTensorsFault.In(file, name, $"the product of its shape {SafeTensor.Describe(shape)} overflows");
        }
        if (due != end - begin)
        {
            throw SafeTensorsFault.In(
                file, name, $"type {type.Name()} and shape {SafeTensor.Describe(shape)} take {due} bytes, but its data have {end - begin}");
        }
        if (due > Array.MaxLength)
        {
            throw SafeTensorsFault.In(file, name, $"its {due} bytes are more than one array can hold");
        }
    }

    private static void CheckContiguous(List<SafeTensorEntry> inOrder, long dataLength, string file)
    {
        long filled = 0;
        foreach ((string name, _, _, long begin, long end) in inOrder)
        {
            if (begin < filled)
            {
                throw SafeTensorsFault.In(file, name, $"its data begin at {begin} and overlap another tensor's, which end at {filled}");
            }
            if (begin > filled)
            {
                throw SafeTensorsFault.In(file, name, $"its data begin at {begin} and leave a hole behind those that end at {filled}");
            }
            filled = end;
        }
        if (filled < dataLength)
        {
            throw SafeTensorsFault.In(file, $"{dataLength - filled} bytes that belong to no tensor follow the last one");
        }
    }
}
