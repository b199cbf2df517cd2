namespace Engram.Data;

/// <summary>What the cells of one column of one file look like, counted before any of them is kept.</summary>
internal sealed class ColumnProfile
{
    private readonly long[] _shapes = new long[Enum.GetValues<NumberShape>().Length];

    /// <summary>Cells that have a value.</summary>
    public long Count { get; private set; }

    /// <summary>Cells without one.</summary>
    public long Missing { get; private set; }

    /// <summary>What the times among them tell.</summary>
    public TimeEvidence Times { get; } = new();

    /// <summary>What some of the numbers are decorated with.</summary>
    public NumberDecoration Decoration { get; private set; }

    /// <summary>Looks at a cell.</summary>
    public void Add(ReadOnlySpan<byte> cell, MissingTexts missing)
    {
        if (missing.Contains(cell))
        {
            Missing++;
            return;
        }
        Count++;
        NumberShape shape = NumberText.Classify(cell, out NumberDecoration decoration);
        if (shape != NumberShape.None)
        {
            _shapes[(int)shape]++;
            Decoration |= decoration;
        }
        else if (TimeText.TryRead(cell, out TimeText time))
        {
            Times.Add(time);
        }
    }

    /// <summary>Adds the counts of the same column in another file.</summary>
    public void Add(ColumnProfile other)
    {
        Count += other.Count;
        Missing += other.Missing;
        Decoration |= other.Decoration;
        Times.Add(other.Times);
        for (int shape = 0; shape < _shapes.Length; shape++)
        {
            _shapes[shape] += other._shapes[shape];
        }
    }

    /// <summary>Cells that show the point, and cells that show the comma to be the decimal mark.</summary>
    public (long Point, long Comma) MarkEvidence => (_shapes[(int)NumberShape.Point], _shapes[(int)NumberShape.Comma]);

    /// <summary>Whether there are cells such as 1,234 or 1.234, and none that tells how to take them.</summary>
    public bool HasDoubtfulMark => HasAmbiguous && MarkEvidence == (0, 0);

    /// <summary>Whether there are cells with a point or a comma.</summary>
    public bool HasMark => HasAmbiguous || MarkEvidence != (0, 0);

    /// <summary>Whether there are cells such as 1,234.</summary>
    public bool HasAmbiguousComma => _shapes[(int)NumberShape.AmbiguousComma] > 0;

    private bool HasAmbiguous => HasAmbiguousComma || _shapes[(int)NumberShape.AmbiguousPoint] > 0;

    /// <summary>Cells that are numbers with a decimal mark.</summary>
    public long Numbers(char decimalMark) =>
        _shapes[(int)NumberShape.Plain]
        + _shapes[(int)NumberShape.AmbiguousPoint]
        + _shapes[(int)NumberShape.AmbiguousComma]
        + _shapes[(int)(decimalMark == '.' ? NumberShape.Point : NumberShape.Comma)];
}
