namespace Engram.Tasks;

/// <summary>Draws a share of samples at random, the same from each class.</summary>
internal static class StratifiedSplit
{
    /// <summary>
    /// Cuts samples in two: of n of a class, round(share · n) are drawn, but one at least where the share is above 0 and n above 1, and never all.
    /// </summary>
    /// <param name="samples">Indices of the samples.</param>
    /// <param name="labels">The class of each index.</param>
    /// <param name="share">The share to draw.</param>
    /// <param name="random">Where the draw comes from.</param>
    /// <returns>What is left, and what was drawn, both in rising order.</returns>
    public static (int[] Remaining, int[] Drawn) Cut(IEnumerable<int> samples, int[] labels, double share, RandomStream random)
    {
        List<int> rest = [], drawn = [];
        foreach (IGrouping<int, int> ofClass in samples.GroupBy(sample => labels[sample]).OrderBy(group => group.Key))
        {
            int[] shuffled = [.. ofClass.Order()];
            random.Derive(ofClass.Key).Shuffle(shuffled);
            int count = share == 0 || shuffled.Length < 2 ? 0 : Math.Clamp((int)Math.Round(share * shuffled.Length), 1, shuffled.Length - 1);
            drawn.AddRange(shuffled.AsSpan(0, count));
            rest.AddRange(shuffled.AsSpan(count));
        }
        return ([.. rest.Order()], [.. drawn.Order()]);
    }
}
