using ScottPlot;

namespace Engram.Plots.Axes;

/// <summary>
/// Keeps of a long line what can be seen: in each column of the picture its first, lowest, highest and last point. Peaks stay, and a
/// hundred thousand points draw as quickly, and make as small an SVG, as a few thousand.
/// </summary>
internal static class Thinning
{
    /// <summary>
    /// Points <paramref name="from"/> (inclusive) to <paramref name="to"/> (exclusive) of a line. A value that is not finite breaks it:
    /// the point comes back as NaN, at which drawing stops and starts anew.
    /// </summary>
    public static List<Coordinates> Thin(Func<int, double> x, IReadOnlyList<double> y, int from, int to, int columns)
    {
        List<Coordinates> kept = [];
        int perColumn = Math.Max(1, (to - from) / Math.Max(1, columns));
        for (int start = from; start < to; start += perColumn)
        {
            int end = Math.Min(to, start + perColumn);
            KeepColumn(kept, x, y, start, end);
        }
        return kept;
    }

    private static void KeepColumn(List<Coordinates> kept, Func<int, double> x, IReadOnlyList<double> y, int start, int end)
    {
        int index = start;
        while (index < end)
        {
            int runStart = index;
            int lowest = index;
            int highest = index;
            while (index < end && double.IsFinite(y[index]))
            {
                lowest = y[index] < y[lowest] ? index : lowest;
                highest = y[index] > y[highest] ? index : highest;
                index++;
            }
            if (index > runStart)
            {
                ReadOnlySpan<int> seen = [runStart, Math.Min(lowest, highest), Math.Max(lowest, highest), index - 1];
                int previous = -1;
                foreach (int point in seen)
                {
                    if (point != previous)
                    {
                        kept.Add(new Coordinates(x(point), y[point]));
                    }
                    previous = point;
                }
            }
            if (index < end)
            {
                kept.Add(new Coordinates(x(index), double.NaN));
                while (index < end && !double.IsFinite(y[index]))
                {
                    index++;
                }
            }
        }
    }
}
