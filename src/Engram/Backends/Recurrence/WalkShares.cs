namespace Engram.Backends;

/// <summary>
/// How a walk is shared among threads. The rows of the batch go to groups, each of which walks its rows through all of time and waits for no other before the end. The units go to the
/// members of a group: each takes some panels at every step, and all of the group wait for the last. So many groups of one member share rows alone, one group units alone. Of what is possible that is
/// chosen which takes least, counted in multiplications:
/// <code>
///   steps · (rows of kernels · panels of a member · multiplications of a row with a panel  +  stages · members / 2 · meeting of two)  +  hand-over
/// </code>
/// Handing a job to other threads, and waiting for its end, takes about as long as five meetings, and half a meeting for each thread beyond the second.
/// A kernel of few rows takes as long as one of half its rows, for it multiplies faster than the caches bring weights. Sharing units must save a fifth: on a busy machine waits are longer. Where
/// the cost is the same the rows are shared more, which waits less.
/// </summary>
/// <param name="Groups">Groups that share the rows.</param>
/// <param name="Members">Threads in each, which share the units.</param>
internal readonly record struct WalkShares(int Groups, int Members)
{
    /// <summary>One thread does all.</summary>
    public static WalkShares Alone { get; } = new(1, 1);

    /// <summary>Chooses.</summary>
    /// <param name="threads">Threads at hand.</param>
    /// <param name="rows">Rows of the batch.</param>
    /// <param name="panels">Panels of units.</param>
    /// <param name="work">Multiplications of a row with a panel.</param>
    /// <param name="steps">Steps of the sequences.</param>
    /// <param name="stages">Waits in each step, where units are shared.</param>
    /// <param name="kernelRows">Rows of a kernel.</param>
    /// <param name="meeting">Multiplications in the time that two threads take to meet.</param>
    public static WalkShares Choose(int threads, int rows, int panels, long work, int steps, int stages, int kernelRows, double meeting)
    {
        WalkShares best = Alone;
        double least = Cost(best);
        for (int groups = 1; groups <= Math.Min(threads, rows); groups++)
        {
            for (int most = Math.Min(threads / groups, panels); most > 0; most /= 2)
            {
                // No more than take as many panels each: fewer wait less.
                var shares = new WalkShares(groups, Share(panels, Share(panels, most)));
                if (Cost(shares) is double cost && cost <= least)
                {
                    (best, least) = (shares, cost);
                }
            }
        }
        return best;

        double Cost(WalkShares shares)
        {
            double step = Multiplications(Share(rows, shares.Groups), Share(panels, shares.Members), work, kernelRows);
            if (shares.Members > 1)
            {
                step = 1.25 * step + stages * shares.Members / 2.0 * meeting;
            }
            return step * steps + (shares == Alone ? 0 : (4 + shares.Groups * shares.Members / 2.0) * meeting);
        }
    }

    /// <summary>Multiplications in the time that a thread takes for a step of some rows and panels.</summary>
    public static double Multiplications(int rows, int panels, long work, int kernelRows)
    {
        int rest = rows % kernelRows;
        return (rows - rest + (rest == 0 ? 0.0 : Math.Max(rest, FewestRows(kernelRows)))) * panels * work;
    }

    /// <summary>Rows that a kernel of fewer takes as long as.</summary>
    public static int FewestRows(int kernelRows) => Math.Max(1, kernelRows / 2);

    private static int Share(int items, int shares) => (items + shares - 1) / shares;
}
