namespace Engram.Data;

/// <summary>
/// A series made ready for windows: rows in the order of time, one for each step, features as numbers without gaps, the target first.
/// </summary>
/// <remarks>
/// These rules make it, each with a note that counts what it changed:
/// <list type="number">
/// <item>Rows without a time stamp are left out; the others are sorted by time, equal stamps in the order of the file.</item>
/// <item>Rows with the same stamp become one: the mean of their numbers, the first of their words.</item>
/// <item>The step is inferred from the stamps (<see cref="TimeStep.Infer"/>).</item>
/// <item>Where a series with a fixed or monthly step lacks steps, rows are put in for them if there are at most
/// <see cref="SeriesSchema.MaximumGap"/> in a row; a longer gap ends the segment. Holidays of business-daily series are no gap.</item>
/// <item>Missing numbers, and the words of inserted rows, are the ones before in runs of at most that length: nothing that comes later
/// fills them, so that no window knows what it is to forecast. Rows at the start or end of a segment whose numbers are missing, and longer runs, are left out, and
/// what lies after is a new segment.</item>
/// <item>A word column becomes one 0/1 feature for each different word; a missing or unknown word is 0 in all of them.</item>
/// <item>While learning, a feature that never changes is left out, and a target that never changes is an error.</item>
/// </list>
/// </remarks>
public sealed class SeriesData
{
    private readonly double[] _values;

    private SeriesData(SeriesRows rows)
    {
        Schema = rows.Schema;
        _values = rows.Values;
        RowCount = rows.Count;
        OriginalRowCount = rows.Count - (rows.Inserted?.AsSpan(0, rows.Count).Count(true) ?? 0);
        Times = rows.Times is null ? default : rows.Times.AsMemory(0, rows.Count);
        SegmentStarts = rows.SegmentStarts;
        Filled = rows.Filled.AsMemory(0, rows.Count);
        Notes = rows.Notes;
    }

    /// <summary>What the series is made of, for making the same of another table.</summary>
    public SeriesSchema Schema { get; }

    /// <summary>Number of rows, inserted ones counted.</summary>
    public int RowCount { get; }

    /// <summary>Number of rows that come from rows of the table, duplicates counted once.</summary>
    public int OriginalRowCount { get; }

    /// <summary>Number of features, the target counted.</summary>
    public int FeatureCount => Schema.Features.Count;

    /// <summary>The values in original units, row-major <c>[rows, features]</c>, feature 0 the target; never NaN.</summary>
    public ReadOnlyMemory<double> Values => _values.AsMemory(0, RowCount * FeatureCount);

    /// <summary>The time stamp of each row; empty where there are none.</summary>
    public ReadOnlyMemory<DateTime> Times { get; }

    /// <summary>The step between rows.</summary>
    public TimeStep Step => Schema.Step;

    /// <summary>The first row of each stretch without a long gap, ascending; the first is 0.</summary>
    public IReadOnlyList<int> SegmentStarts { get; }

    /// <summary>For each row whether its target was filled in, and is no measurement.</summary>
    public ReadOnlyMemory<bool> Filled { get; }

    /// <summary>What was done to the data, a sentence each; <see cref="Table.Notes"/> say how the file was read.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Makes a series to learn from.</summary>
    /// <exception cref="DataException">
    /// A column is not there or holds no numbers, the target never changes, a column of words has too many different ones, or no row is
    /// complete.
    /// </exception>
    public static SeriesData FromTable(Table table, SeriesOptions options)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(options.MaximumGap ?? 0, "options.MaximumGap");
        TimeIndex? time = TimeIndex.Find(table, options.Time);
        List<string> notes = [];
        SeriesSchema schema = new()
        {
            Features = FeatureSelection.Choose(table, options, notes),
            TimeColumns = time?.Columns ?? [],
            Step = TimeStep.None,
            MaximumGap = options.MaximumGap ?? 0,
            Reading = table.Reading,
        };
        SeriesRows rows = SeriesAssembly.Gather(table, schema, time, notes);
        SeriesAssembly.MergeDuplicates(rows);
        TimeStep step = rows.Times is null ? TimeStep.None : TimeStep.Infer(rows.Times.AsSpan(0, rows.Count));
        int usualGap = step.DefaultSeason > 0 ? step.DefaultSeason : 24;
        rows.Schema = schema with { Step = step, MaximumGap = options.MaximumGap ?? usualGap };
        if (time is null)
        {
            string likely = options.Time is null && table.Columns.FirstOrDefault(column => column is NumberColumn numbers && NumericTime.LookLikeStamps(numbers)) is { } stamps
                ? $" The numbers of '{stamps.Name}' may be seconds or milliseconds since 1970: name it as the time (--time) if they are." : "";
            rows.Notes.Add(options.Time is null ? $"No column holds times: rows are taken in their order.{likely}" : "Rows are taken in their order.");
        }
        else
        {
            rows.Notes.Add(step.IsRegular ? $"The step is {step}." : "The time stamps follow no rule: rows are taken as equally far apart.");
        }
        SeriesGaps.InsertMissingSteps(rows);
        SeriesGaps.NoteShare(rows);
        SeriesGaps.Fill(rows);
        return new SeriesData(rows);
    }

    /// <summary>Makes the same features of another table, for predicting and evaluating.</summary>
    /// <exception cref="DataException">A column is not there or holds no numbers, or no row is complete.</exception>
    public static SeriesData FromTable(Table table, SeriesSchema schema)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(schema);
        TimeIndex? time = TimeIndex.Find(table, schema.TimeColumns);
        List<string> notes = [];
        SeriesRows rows = SeriesAssembly.Gather(table, schema, time, notes);
        SeriesAssembly.MergeDuplicates(rows);
        if (rows.Times is { } times)
        {
            TimeStep found = TimeStep.Infer(times.AsSpan(0, rows.Count));
            if (found.IsRegular && !found.SameRhythm(schema.Step) && rows.Count > 10)
            {
                rows.Notes.Add($"The time stamps look {found}, but the model learned from {schema.Step} data: its forecasts may mean little here.");
            }
        }
        SeriesGaps.InsertMissingSteps(rows);
        SeriesGaps.Fill(rows);
        return new SeriesData(rows);
    }

    /// <summary>Fits one scaler for each feature to some rows: the training part.</summary>
    /// <param name="kind">Which scaler.</param>
    /// <param name="rows">The rows to fit to.</param>
    public Scaler[] FitScalers(ScalerKind kind, Range rows)
    {
        (int first, int count) = rows.GetOffsetAndLength(RowCount);
        Scaler[] scalers = new Scaler[FeatureCount];
        for (int feature = 0; feature < scalers.Length; feature++)
        {
            scalers[feature] = Scaler.Fit(kind, _values.AsSpan(first * FeatureCount, count * FeatureCount), FeatureCount, feature);
        }
        return scalers;
    }

    /// <summary>The values scaled, row-major <c>[rows, features]</c>, for <see cref="SlidingWindows"/>.</summary>
    /// <param name="scalers">One for each feature.</param>
    /// <exception cref="ArgumentException">The number of scalers is not the number of features.</exception>
    public float[] Scale(IReadOnlyList<Scaler> scalers)
    {
        ArgumentNullException.ThrowIfNull(scalers);
        if (scalers.Count != FeatureCount)
        {
            throw new ArgumentException($"There are {scalers.Count} scalers for {FeatureCount} features.", nameof(scalers));
        }
        float[] scaled = new float[RowCount * FeatureCount];
        for (int feature = 0; feature < FeatureCount; feature++)
        {
            Scaler scaler = scalers[feature];
            for (int i = feature; i < scaled.Length; i += FeatureCount)
            {
                scaled[i] = (float)scaler.Transform(_values[i]);
            }
        }
        return scaled;
    }

    /// <summary>The target in some rows, in original units: a copy.</summary>
    public double[] Target(Range rows)
    {
        (int first, int count) = rows.GetOffsetAndLength(RowCount);
        double[] target = new double[count];
        for (int i = 0; i < count; i++)
        {
            target[i] = _values[(first + i) * FeatureCount];
        }
        return target;
    }
}
