namespace Engram.Plots.Axes;

/// <summary>What an axis shows, from its lower to its upper end.</summary>
internal readonly record struct AxisRange(double From, double To)
{
    /// <summary>The range of the finite values with a margin around it; 0 to 1 where there is none.</summary>
    public static AxisRange Around(IEnumerable<double> values, double margin = 0.05)
    {
        double lowest = double.PositiveInfinity;
        double highest = double.NegativeInfinity;
        foreach (double value in values.Where(double.IsFinite))
        {
            lowest = Math.Min(lowest, value);
            highest = Math.Max(highest, value);
        }
        if (lowest > highest)
        {
            return new AxisRange(0, 1);
        }
        double span = highest - lowest;
        // A constant line runs through the middle.
        double space = span > 0 ? span * margin : Math.Max(Math.Abs(highest) * margin, 1e-9);
        return new AxisRange(lowest - space, highest + space);
    }
}
