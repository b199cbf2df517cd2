using System.Text.Json;

namespace Engram.Cli.Tests.Verbs;

public sealed class BenchTests
{
    [Fact]
    public void It_prints_the_peak_the_fractions_and_a_verdict()
    {
        CommandLine.Result result = CommandLine.Run("bench", "stream-64", "--threads", "1").MustSucceed();

        foreach (string part in (string[])["GFLOP/s on one core", "GB/s", "1024×1024×1024", "64×64×256", "400×200×10000", "stream-64 step", "Verdict: "])
        {
            Assert.Contains(part, result.Output, StringComparison.Ordinal);
        }
        Assert.Contains("Running stream-64", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_is_one_document_with_a_fraction_for_each_phase()
    {
        using JsonDocument document = JsonDocument.Parse(CommandLine.Run("bench", "stream-64", "--threads", "1", "--json", "--quiet").MustSucceed().Output);

        JsonElement phase = document.RootElement.GetProperty("workloads").EnumerateArray().Single();
        Assert.Equal("stream-64", phase.GetProperty("workload").GetString());
        Assert.Equal(65536, phase.GetProperty("operations").GetDouble());
        double expected = 1000 * 65536 / (1e9 * document.RootElement.GetProperty("peakGflops").GetDouble()) / phase.GetProperty("min_ms").GetDouble();
        Assert.Equal(expected, phase.GetProperty("fraction").GetDouble(), 1e-6);
        Assert.Equal(3, document.RootElement.GetProperty("products").GetArrayLength());
    }

    [Fact]
    public void An_unknown_workload_is_refused() => CommandLine.Run("bench", "lm-huge").MustFail(2, "lm-huge", "lm-medium");
}
