namespace Engram.Plots;

/// <summary>A curve of <see cref="Charts.LogLog"/>.</summary>
/// <param name="Label">Its name in the legend.</param>
/// <param name="X">Places of its points on the horizontal axis, above zero and rising.</param>
/// <param name="Y">Their heights, as many, above zero.</param>
public sealed record ChartCurve(string Label, IReadOnlyList<double> X, IReadOnlyList<double> Y);
