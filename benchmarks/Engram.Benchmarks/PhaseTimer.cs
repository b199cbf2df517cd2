using System.Diagnostics;

namespace Engram.Benchmarks;

/// <summary>Times a phase of a workload and prints a line.</summary>
internal sealed class PhaseTimer(string workload, int threads, bool json)
{
    /// <param name="phase">Its name.</param>
    /// <param name="step">What is timed.</param>
    /// <param name="warmup">Calls before.</param>
    /// <param name="runs">Calls timed.</param>
    /// <param name="stepsPerRun">Steps in a call, which its time is divided by.</param>
    public void Time(string phase, Action step, int warmup, int runs, int stepsPerRun = 1)
    {
        for (int i = 0; i < warmup; i++)
        {
            step();
        }
        double[] milliseconds = new double[runs];
        for (int i = 0; i < runs; i++)
        {
            long start = Stopwatch.GetTimestamp();
            step();
            milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds / stepsPerRun;
        }
        Array.Sort(milliseconds);
        Console.WriteLine(json
            ? FormattableString.Invariant(
                $"{{\"engine\":\"engram {EngramVersion.Current}\",\"workload\":\"{workload}\",\"phase\":\"{phase}\",\"threads\":{threads},\"median_ms\":{milliseconds[runs / 2]:F5},\"min_ms\":{milliseconds[0]:F5}}}")
            : FormattableString.Invariant($"{workload,-18} {phase,-10} {threads} threads   median {milliseconds[runs / 2],9:F4} ms   best {milliseconds[0],9:F4} ms"));
    }
}
