namespace Engram.Data;

/// <summary>Which windows <see cref="SlidingWindows"/> makes of a series.</summary>
public sealed record SlidingWindowsOptions
{
    /// <summary>Number of rows that a sample's input holds, 1 or more.</summary>
    public required int Window { get; init; }

    /// <summary>Number of rows ahead that are predicted, 1 or more. Default 1.</summary>
    public int Horizon { get; init; } = 1;

    /// <summary>
    /// The rows in which all targets of a sample must lie: the training, validation or test part. Inputs may reach back before it.
    /// Default: all rows.
    /// </summary>
    public Range TargetRows { get; init; } = Range.All;

    /// <summary>
    /// The row with which each stretch of gapless rows begins, ascending; no window crosses into the next. Default: one stretch
    /// (<see cref="SeriesData.SegmentStarts"/> has them).
    /// </summary>
    public IReadOnlyList<int> SegmentStarts { get; init; } = [0];

    /// <summary>
    /// Rows whose target was made up (<see cref="SeriesData.Filled"/>): no sample has them among its targets, so that no score counts
    /// them. Inputs may hold them. Default: none.
    /// </summary>
    public ReadOnlyMemory<bool> Filled { get; init; }

    /// <summary>What is taken off the targets. Default: nothing.</summary>
    public WindowResidual Residual { get; init; }

    /// <summary>The season in rows, 1 or more; needed for <see cref="WindowResidual.Seasonal"/>.</summary>
    public int Season { get; init; }

    /// <summary>
    /// Features whose value in the last row of the window is taken off all their values in it, so that a network sees the shape of a
    /// drifting series and not its level. Default: none.
    /// </summary>
    public IReadOnlyList<int> RelativeFeatures { get; init; } = [];

    /// <summary>
    /// Whether windows whose targets are not known yet, or do not lie in <see cref="TargetRows"/>, are samples too: for predicting.
    /// <see cref="TargetRows"/> then bounds the row after the last input row, its end included. Default: no.
    /// </summary>
    public bool InputsOnly { get; init; }
}
