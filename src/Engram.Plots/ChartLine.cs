namespace Engram.Plots;

/// <summary>A line of <see cref="Charts.Lines"/>.</summary>
/// <param name="Label">Its name in the legend.</param>
/// <param name="Values">Its heights, from the chart's first place on; a value that is not finite leaves a gap.</param>
public sealed record ChartLine(string Label, IReadOnlyList<double> Values);
