namespace Engram.Data;

/// <summary>A series in the making: the steps of preparation change it in place, or swap its arrays, and say so in its notes.</summary>
internal sealed class SeriesRows(SeriesSchema schema, double[] values, DateTime[]? times, int count)
{
    public SeriesSchema Schema { get; set; } = schema;

    /// <summary>Row-major <c>[rows, features]</c>, NaN where missing; only the first <see cref="Count"/> rows count.</summary>
    public double[] Values { get; set; } = values;

    public DateTime[]? Times { get; set; } = times;

    public int Count { get; set; } = count;

    public int Features => Schema.Features.Count;

    /// <summary>First row of each gapless stretch.</summary>
    public List<int> SegmentStarts { get; set; } = [0];

    /// <summary>Rows whose target was made up.</summary>
    public bool[] Filled { get; set; } = new bool[count];

    /// <summary>Rows that were put in for missing steps and do not stand in the table; null where there are none.</summary>
    public bool[]? Inserted { get; set; }

    public List<string> Notes { get; } = [];

    public Span<double> Row(int row) => Values.AsSpan(row * Features, Features);

    /// <summary>The end of a segment: the row behind its last.</summary>
    public int SegmentEnd(int segment) => segment + 1 < SegmentStarts.Count ? SegmentStarts[segment + 1] : Count;
}
