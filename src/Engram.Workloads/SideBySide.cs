using System.Diagnostics;

namespace Engram.Workloads;

/// <summary>Runs something on several threads at once.</summary>
internal static class SideBySide
{
    /// <summary>Starts a body on so many threads together, round after round.</summary>
    /// <returns>Of the best round the seconds from the first start to the last end.</returns>
    public static double BestSeconds(int threads, int rounds, Action<int> body)
    {
        long[] starts = new long[threads], ends = new long[threads];
        double best = double.PositiveInfinity;
        using var barrier = new Barrier(threads, _ => best = Math.Min(best, ends[0] == 0 ? best : Stopwatch.GetElapsedTime(starts.Min(), ends.Max()).TotalSeconds));
        Thread[] others = [.. Enumerable.Range(1, threads - 1).Select(thread => new Thread(() => Run(thread)) { IsBackground = true })];
        foreach (Thread other in others)
        {
            other.Start();
        }
        Run(0);
        foreach (Thread other in others)
        {
            other.Join();
        }
        return best;

        void Run(int thread)
        {
            for (int round = 0; round < rounds; round++)
            {
                barrier.SignalAndWait();
                starts[thread] = Stopwatch.GetTimestamp();
                body(thread);
                ends[thread] = Stopwatch.GetTimestamp();
            }
            barrier.SignalAndWait(); // of the last round
        }
    }
}
