namespace Engram.Data;

/// <summary>Finds the gaps of a series, fills the short ones and splits the series at the long ones.</summary>
internal static class SeriesGaps
{
    /// <summary>Share of rows put in beyond which the times may say less than the order of the rows.</summary>
    private const double LargestUsualShare = 0.2;

    /// <summary>Tells of a series that is made up for a large part.</summary>
    public static void NoteShare(SeriesRows rows)
    {
        int inserted = rows.Inserted?.AsSpan(0, rows.Count).Count(true) ?? 0;
        if (inserted > LargestUsualShare * rows.Count)
        {
            rows.Notes.Add($"The steps put in are {100.0 * inserted / rows.Count:0}% of the rows: where a series pauses regularly, at night for instance, take its rows in their order (--time none).");
        }
    }

    /// <summary>Puts rows in for steps that the stamps leave out, and ends a segment where too many are missing.</summary>
    public static void InsertMissingSteps(SeriesRows rows)
    {
        TimeStep step = rows.Schema.Step;
        if (rows.Times is not { } times || step.Kind is TimeStepKind.None or TimeStepKind.BusinessDay)
        {
            return;
        }
        (long inserted, int gaps, int longGaps, long lost) = Measure(rows, times, step);
        if ((rows.Count + inserted) * rows.Features > Array.MaxLength)
        {
            throw new DataException($"{Quantity.Of(inserted, "missing time step")} are more than can be put in. Choose a smaller largest gap.");
        }
        if (longGaps > 0)
        {
            rows.Notes.Add($"{Quantity.Of(longGaps, "gap")} of more than {rows.Schema.MaximumGap} steps ({Quantity.Of(lost, "missing step")} in all): the series is split there.");
        }
        if (inserted > 0)
        {
            rows.Notes.Add($"{Quantity.Of(inserted, "missing time step")} in {Quantity.Of(gaps, "gap")} put in, with the values before them.");
        }
        if (inserted + longGaps > 0)
        {
            Spread(rows, times, step, (int)inserted);
        }
    }

    /// <summary>
    /// Carries the last value on over short runs of missing ones; leaves out the rows of runs that are long, or have a neighbour on one side only.
    /// What comes after a gap never fills it: a window that ends in the gap would know what it is to forecast.
    /// </summary>
    public static void Fill(SeriesRows rows)
    {
        bool[] unusable = new bool[rows.Count];
        for (int feature = 0; feature < rows.Features; feature++)
        {
            int filled = 0;
            for (int segment = 0; segment < rows.SegmentStarts.Count; segment++)
            {
                filled += FillFeature(rows, feature, rows.SegmentStarts[segment], rows.SegmentEnd(segment), unusable);
            }
            if (filled > 0 && rows.Schema.Features[feature].Level is null)
            {
                rows.Notes.Add($"{Quantity.Of(filled, "missing value")} of '{rows.Schema.Features[feature].Name}' filled with the value before.");
            }
        }
        if (unusable.AsSpan().Contains(true))
        {
            Remove(rows, unusable);
        }
    }

    private static (long Inserted, int Gaps, int LongGaps, long Lost) Measure(SeriesRows rows, DateTime[] times, TimeStep step)
    {
        int gaps = 0, longGaps = 0;
        long inserted = 0, lost = 0;
        for (int row = 1; row < rows.Count; row++)
        {
            long missing = step.StepsBetween(times[row - 1], times[row]) - 1;
            if (missing > rows.Schema.MaximumGap)
            {
                longGaps++;
                lost += missing;
            }
            else if (missing > 0)
            {
                gaps++;
                inserted += missing;
            }
        }
        return (inserted, gaps, longGaps, lost);
    }

    private static void Spread(SeriesRows rows, DateTime[] times, TimeStep step, int inserted)
    {
        int features = rows.Features;
        int count = rows.Count + inserted;
        double[] values = new double[count * features];
        DateTime[] newTimes = new DateTime[count];
        bool[] isInserted = new bool[count];
        List<int> starts = [0];
        int at = 0;
        for (int row = 0; row < rows.Count; row++)
        {
            long missing = row == 0 ? 0 : step.StepsBetween(times[row - 1], times[row]) - 1;
            if (missing > rows.Schema.MaximumGap)
            {
                starts.Add(at);
            }
            else
            {
                for (int k = 1; k <= missing; k++)
                {
                    values.AsSpan(at * features, features).Fill(double.NaN);
                    isInserted[at] = true;
                    newTimes[at++] = step.Add(times[row - 1], k);
                }
            }
            rows.Row(row).CopyTo(values.AsSpan(at * features, features));
            newTimes[at++] = times[row];
        }
        (rows.Values, rows.Times, rows.Count, rows.SegmentStarts) = (values, newTimes, count, starts);
        (rows.Filled, rows.Inserted) = (new bool[count], isInserted);
    }

    private static int FillFeature(SeriesRows rows, int feature, int start, int end, bool[] unusable)
    {
        int filled = 0;
        for (int row = start; row < end; row++)
        {
            if (!double.IsNaN(rows.Row(row)[feature]))
            {
                continue;
            }
            int runEnd = row + 1;
            while (runEnd < end && double.IsNaN(rows.Row(runEnd)[feature]))
            {
                runEnd++;
            }
            int length = runEnd - row;
            if (row == start || runEnd == end || length > rows.Schema.MaximumGap)
            {
                unusable.AsSpan(row, length).Fill(true);
            }
            else
            {
                CarryOn(rows, feature, row, runEnd);
                // Inserted rows have a note of their own.
                filled += length - (rows.Inserted?.AsSpan(row, length).Count(true) ?? 0);
            }
            row = runEnd;
        }
        return filled;
    }

    private static void CarryOn(SeriesRows rows, int feature, int row, int end)
    {
        double before = rows.Row(row - 1)[feature];
        for (int i = row; i < end; i++)
        {
            rows.Row(i)[feature] = before;
            rows.Filled[i] |= feature == 0;
        }
    }

    private static void Remove(SeriesRows rows, bool[] unusable)
    {
        int leading = unusable.AsSpan().IndexOf(false);
        if (leading < 0)
        {
            string names = string.Join(", ", rows.Schema.Features.Select(feature => feature.Column).Distinct());
            throw new DataException($"No row has a value in all of these columns: {names}. Leave out those that are mostly missing.");
        }
        int trailing = unusable.Length - 1 - unusable.AsSpan().LastIndexOf(false);
        int kept = 0, inner = 0;
        HashSet<int> oldStarts = [.. rows.SegmentStarts];
        List<int> starts = [];
        bool gap = true;
        for (int row = 0; row < rows.Count; row++)
        {
            gap |= oldStarts.Contains(row);
            if (unusable[row])
            {
                inner += row >= leading && row < rows.Count - trailing ? 1 : 0;
                gap = true;
                continue;
            }
            if (gap)
            {
                starts.Add(kept);
                gap = false;
            }
            rows.Row(row).CopyTo(rows.Row(kept));
            rows.Filled[kept] = rows.Filled[row];
            rows.Times?[kept] = rows.Times[row];
            rows.Inserted?[kept] = rows.Inserted[row];
            kept++;
        }
        NoteRemoved(rows, leading, trailing, inner, starts.Count);
        rows.Count = kept;
        rows.SegmentStarts = starts;
    }

    private static void NoteRemoved(SeriesRows rows, int leading, int trailing, int inner, int segments)
    {
        if (leading > 0)
        {
            rows.Notes.Add($"The first {Quantity.Of(leading, "row")} left out: a value is missing there.");
        }
        if (trailing > 0)
        {
            rows.Notes.Add($"The last {Quantity.Of(trailing, "row")} left out: a value is missing there.");
        }
        if (inner > 0)
        {
            rows.Notes.Add($"{Quantity.Of(inner, "row")} left out in runs of more than {rows.Schema.MaximumGap} missing values: the series is split there into {Quantity.Of(segments, "stretch", "stretches")}.");
        }
    }
}
