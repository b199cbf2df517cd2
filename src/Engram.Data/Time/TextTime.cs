namespace Engram.Data;

/// <summary>Reads a column of words as times.</summary>
internal static class TextTime
{
    public static TimeColumn Convert(TextColumn words, out IReadOnlyList<string> notes)
    {
        TimeText?[] read = [.. words.Levels.Select(level => TimeText.TryRead(level.AsSpan().ToArray(), out TimeText time) ? time : (TimeText?)null)];
        TimeEvidence evidence = new();
        foreach (TimeText? time in read)
        {
            if (time is { } stamp)
            {
                evidence.Add(stamp);
            }
        }
        DateOrder order = evidence.Order(like: null);
        DateTime[] values = new DateTime[words.RowCount];
        int faults = 0, first = -1;
        for (int row = 0; row < values.Length; row++)
        {
            int code = words.Codes.Span[row];
            if (code >= 0 && !(read[code] is { } stamp && stamp.TryGet(order, out values[row])))
            {
                first = faults++ == 0 ? row : first;
            }
        }
        notes = [.. evidence.Notes(words.Name, order, new CsvOptions())];
        return new TimeColumn(words.Name, values, faults == 0 ? null : words.Faults ?? new CellFaults(null, first + 1, words[first]!, faults));
    }
}
