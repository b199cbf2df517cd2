namespace Engram.Workloads.Tests;

public sealed class WorkloadTests
{
    [Fact]
    public void Their_names_and_phases_are_those_that_are_compared_with_other_engines()
    {
        Assert.Equal(
            ["seed-regression", "seed-stock", "seed-sentiment", "lm-small", "lm-medium", "large", "stream-64", "stream-256", "stream-512", "stream-1024"],
            Workload.All.Select(workload => workload.Name));
        using Device device = Device.Cpu(1);
        Assert.Equal(["train", "infer", "infer-one"], Phases("seed-regression", device).Select(phase => phase.Name));
        Assert.Equal(["train"], Phases("seed-sentiment", device).Select(phase => phase.Name));
        Assert.Equal(["step"], Phases("stream-64", device).Select(phase => phase.Name));
    }

    // Worked by hand from the shapes: seed-regression is LSTM(1 → 64) over 64 × 100 steps and Dense(64 → 1) over 64 rows.
    [Theory]
    [InlineData("seed-regression", "train", 2 * 6400.0 * 256 * 65 * 2 + 2 * 6400.0 * 256 * 64 + 3 * 2 * 64 * 64)]
    [InlineData("seed-regression", "infer", 2 * 6400.0 * 256 * 65 + 2 * 64 * 64)]
    [InlineData("seed-regression", "infer-one", 2 * 100.0 * 256 * 65 + 2 * 64)]
    [InlineData("seed-stock", "infer", 2 * 1920.0 * 200 * (51 + 100) + 2 * 32 * 50)]
    [InlineData("seed-sentiment", "train", 2 * 3200.0 * 256 * 128 * 3 + 3 * 2 * 32 * 64)]
    [InlineData("stream-64", "step", 2.0 * 256 * 128)]
    [InlineData("large", "infer", 2 * 6400.0 * 2048 * 1024)]
    public void Operations_are_those_of_the_shapes(string workload, string phase, double operations)
    {
        using Device device = Device.Cpu(1);

        Assert.Equal(operations, Phases(workload, device).Single(candidate => candidate.Name == phase).Operations);
    }

    [Fact]
    public void A_phase_is_timed_per_step()
    {
        using Device device = Device.Cpu(1);
        WorkloadPhase phase = Phases("stream-64", device).Single();

        PhaseTime time = (phase with { Warmup = 1, Runs = 5 }).Measure();

        Assert.InRange(time.Best, 1e-5, time.Median);
    }

    private static IEnumerable<WorkloadPhase> Phases(string name, Device device) => Workload.All.Single(workload => workload.Name == name).Phases(device);
}
