namespace Engram.Data;

/// <summary>Brings the columns of a table together as rows in the order of time.</summary>
internal static class SeriesAssembly
{
    /// <summary>Rows without a time are left out, the others sorted; features are copied side by side.</summary>
    public static SeriesRows Gather(Table table, SeriesSchema schema, TimeIndex? time, List<string> notes)
    {
        int[]? order = time is null ? null : Order(time, notes);
        int count = order?.Length ?? table.RowCount;
        int features = schema.Features.Count;
        if ((long)count * features > Array.MaxLength)
        {
            throw new DataException($"{Quantity.Of(count, "row")} of {features} features are more than one array can hold. Use fewer features or rows.");
        }
        double[] values = new double[count * features];
        for (int feature = 0; feature < features; feature++)
        {
            SeriesFeature source = schema.Features[feature];
            if (source.Level is null)
            {
                CopyNumbers(table, source.Column, order, values.AsSpan(feature), features);
            }
            else
            {
                CopyLevel(table, source, order, values.AsSpan(feature), features);
            }
        }
        SeriesRows rows = new(schema, values, Reorder(time, order), count);
        if (time is not null)
        {
            rows.Notes.AddRange(time.Notes);
        }
        rows.Notes.AddRange(notes);
        NoteUnknownLevels(table, rows);
        return rows;
    }

    /// <summary>Makes rows of the same stamp one: the mean of their numbers, the first of their words.</summary>
    public static void MergeDuplicates(SeriesRows rows)
    {
        if (rows.Times is not { } times)
        {
            return;
        }
        int kept = 0, stamps = 0;
        for (int row = 0; row < rows.Count;)
        {
            int end = row + 1;
            while (end < rows.Count && times[end] == times[row])
            {
                end++;
            }
            stamps += end - row > 1 ? 1 : 0;
            MergeInto(rows, kept, row, end);
            times[kept++] = times[row];
            row = end;
        }
        if (kept < rows.Count)
        {
            rows.Notes.Add($"{Quantity.Of(stamps, "time stamp")} occurred more than once: {Quantity.Of(rows.Count - kept, "row")} fewer, the mean was taken.");
            rows.Count = kept;
        }
    }

    private static void MergeInto(SeriesRows rows, int target, int start, int end)
    {
        for (int feature = 0; feature < rows.Features; feature++)
        {
            double sum = 0;
            int known = 0;
            for (int row = start; row < end; row++)
            {
                double value = rows.Row(row)[feature];
                // Of words the first is kept, not a mixture.
                if (!double.IsNaN(value) && (known == 0 || rows.Schema.Features[feature].Level is null))
                {
                    sum += value;
                    known++;
                }
            }
            rows.Row(target)[feature] = known == 0 ? double.NaN : sum / known;
        }
    }

    /// <summary>The rows that have a time, in its order; null where that is all rows as they stand.</summary>
    private static int[]? Order(TimeIndex time, List<string> notes)
    {
        ReadOnlySpan<DateTime> times = time.Values.Span;
        int count = times.Length - times.Count(DateTime.MinValue);
        if (count == 0)
        {
            throw new DataException($"Column '{time.Columns[0]}' holds no time.", column: time.Columns[0]);
        }
        bool isSorted = IsSorted(times);
        if (count == times.Length && isSorted)
        {
            return null;
        }
        int[] order = new int[count];
        long[] ticks = new long[count];
        for (int row = 0, i = 0; row < times.Length; row++)
        {
            if (times[row] != DateTime.MinValue)
            {
                ticks[i] = times[row].Ticks;
                order[i++] = row;
            }
        }
        if (count < times.Length)
        {
            notes.Add($"{Quantity.Of(times.Length - count, "row")} without a time stamp left out.");
        }
        if (!isSorted)
        {
            SortStably(ticks, order);
            notes.Add("Sorted by time: the rows were not in order.");
        }
        return order;
    }

    private static bool IsSorted(ReadOnlySpan<DateTime> times)
    {
        DateTime previous = DateTime.MinValue;
        foreach (DateTime time in times)
        {
            if (time != DateTime.MinValue)
            {
                if (time < previous)
                {
                    return false;
                }
                previous = time;
            }
        }
        return true;
    }

    /// <summary>Array.Sort may swap rows of one stamp: each run of equals is put back into the order of the file.</summary>
    private static void SortStably(long[] ticks, int[] order)
    {
        Array.Sort(ticks, order);
        for (int start = 0, end; start < ticks.Length; start = end)
        {
            end = start + 1;
            while (end < ticks.Length && ticks[end] == ticks[start])
            {
                end++;
            }
            Array.Sort(order, start, end - start);
        }
    }

    private static DateTime[]? Reorder(TimeIndex? time, int[]? order) =>
        time is null ? null
        : order is null ? time.Values.ToArray()
        : Array.ConvertAll(order, row => time.Values.Span[row]);

    private static void CopyNumbers(Table table, string name, int[]? order, Span<double> destination, int stride)
    {
        ReadOnlySpan<double> source = table.RequireNumbers(name).Values.Span;
        bool any = false;
        int count = order?.Length ?? source.Length;
        for (int row = 0; row < count; row++)
        {
            double value = source[order is null ? row : order[row]];
            any |= !double.IsNaN(value);
            destination[row * stride] = value;
        }
        if (!any)
        {
            throw new DataException(
                $"Column '{name}' has no value in any row. Leave it out, or check how missing values are written.",
                table.Files.Count > 0 ? table.Files[0] : null,
                column: name);
        }
    }

    private static void CopyLevel(Table table, SeriesFeature feature, int[]? order, Span<double> destination, int stride)
    {
        TextColumn words = Words(table, feature.Column);
        int wanted = ((List<string>)[.. words.Levels]).IndexOf(feature.Level!);
        ReadOnlySpan<int> source = words.Codes.Span;
        int count = order?.Length ?? source.Length;
        for (int row = 0; row < count; row++)
        {
            destination[row * stride] = wanted >= 0 && source[order is null ? row : order[row]] == wanted ? 1 : 0;
        }
    }

    /// <summary>A column as words: numbers in another table may be the same categories (1, 2, 3) without a word among them.</summary>
    private static TextColumn Words(Table table, string name) => table[name] as TextColumn ?? new TextColumn(name, table.Texts(name));

    private static void NoteUnknownLevels(Table table, SeriesRows rows)
    {
        foreach (IGrouping<string, SeriesFeature> column in rows.Schema.Features.Where(feature => feature.Level is not null).GroupBy(feature => feature.Column))
        {
            string[] unknown = [.. Words(table, column.Key).Levels.Except(column.Select(feature => feature.Level!), StringComparer.Ordinal)];
            if (unknown.Length > 0)
            {
                rows.Notes.Add($"Words of '{column.Key}' that were not there while learning count as none: {string.Join(", ", unknown.Take(5))}{(unknown.Length > 5 ? " …" : "")}.");
            }
        }
    }
}
