using Engram.Backends;

namespace Engram.Workloads.Tests;

public sealed class SpeedReportTests
{
    [Fact]
    public void A_report_holds_peak_memory_products_and_phases()
    {
        List<string> told = [];

        SpeedReport report = SpeedReport.Measure(1, [.. Workload.All.Where(workload => workload.Name == "stream-64")], told.Add);

        Assert.Equal(report.OneCorePeak, report.Peak);
        Assert.InRange(report.Peak, 1e8, 1e13);
        Assert.InRange(report.Bandwidth, 1e8, 1e13);
        Assert.Equal(MatrixProduct.Sizes, report.Products.Select(product => product.Size));
        Assert.All(report.Products, product => Assert.InRange(product.Fraction, 0.01, 2)); // 1 at most, but on a machine whose pace changes meanwhile
        PhaseResult phase = Assert.Single(report.Phases);
        Assert.Equal(phase.Operations / report.Peak * 1000, phase.PeakMilliseconds, 1e-9);
        Assert.InRange(phase.Fraction, 0.0001, 2);
        Assert.Contains("stream-64 step", report.Verdict, StringComparison.Ordinal);
        Assert.Contains("Running stream-64", told);
    }

    [Fact]
    public void The_peak_of_a_narrower_tier_is_no_higher()
    {
        Assert.SkipWhen(CpuBackend.WidestTier < InstructionTier.Vector256, "skipped: there are no two widths to compare");

        Assert.True(FmaPeak.Measure(InstructionTier.Vector128, 1) < 1.2 * FmaPeak.Measure(CpuBackend.WidestTier, 1));
    }

    [Fact]
    public void Bodies_run_side_by_side_as_often_as_there_are_rounds()
    {
        int[] calls = new int[3];

        double seconds = SideBySide.BestSeconds(3, 4, thread => Interlocked.Increment(ref calls[thread]));

        Assert.All(calls, count => Assert.Equal(4, count));
        Assert.InRange(seconds, 0, 10);
    }

    [Fact]
    public void A_verdict_tells_threads_that_share_a_core_and_the_extremes()
    {
        SpeedReport report = new()
        {
            Threads = 2, OneCorePeak = 100e9, Peak = 120e9, Bandwidth = 1e9,
            Products = [new ProductResult(new ProductSize(1, 1, 1), 1, 90e9, 0.9)],
            Phases = [new PhaseResult("a", "train", 1e6, 1, new PhaseTime(3, 2)), new PhaseResult("b", "step", 1e6, 1, new PhaseTime(30, 20))],
        };

        Assert.Contains("2 threads do 1.2 times the work of one", report.Verdict, StringComparison.Ordinal);
        Assert.Contains("a train comes nearest to it (50%), b step stays farthest (5.0%)", report.Verdict, StringComparison.Ordinal);
    }
}
