using System.Diagnostics;

namespace Engram.Workloads;

/// <summary>One thing that is timed on a workload.</summary>
/// <param name="Name">Its name: <c>train</c>, <c>infer</c>, <c>infer-one</c>, <c>step</c>.</param>
/// <param name="Step">What is timed.</param>
/// <param name="Operations">Floating-point operations of one step, see <see cref="OperationCount"/>.</param>
/// <param name="Warmup">Calls before, at least; they go on for <see cref="WarmupSeconds"/>.</param>
/// <param name="Runs">Calls timed.</param>
/// <param name="StepsPerRun">Steps in a call, which its time is divided by.</param>
internal sealed record WorkloadPhase(string Name, Action Step, double Operations, int Warmup, int Runs, int StepsPerRun = 1)
{
    /// <summary>Longer than the runtime waits before it compiles what has been called often for a second time, with all optimisations.</summary>
    private const double WarmupSeconds = 0.5;

    /// <summary>Times the phase.</summary>
    public PhaseTime Measure()
    {
        long first = Stopwatch.GetTimestamp();
        for (int i = 0; i < Warmup || Stopwatch.GetElapsedTime(first).TotalSeconds < WarmupSeconds; i++)
        {
            Step();
        }
        double[] milliseconds = new double[Runs];
        for (int i = 0; i < Runs; i++)
        {
            long start = Stopwatch.GetTimestamp();
            Step();
            milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds / StepsPerRun;
        }
        Array.Sort(milliseconds);
        return new PhaseTime(milliseconds[Runs / 2], milliseconds[0]);
    }
}

/// <summary>Milliseconds per step: the median of the runs, and the best.</summary>
internal readonly record struct PhaseTime(double Median, double Best);
