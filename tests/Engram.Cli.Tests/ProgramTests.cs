using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Engram.Cli.Tests;

public sealed class ProgramTests
{
    [Fact]
    public void The_version_stands_alone_on_the_first_line_and_build_runtime_and_live_instructions_below()
    {
        CommandLine.Result result = CommandLine.Run("--version").MustSucceed();

        string[] lines = result.Output.TrimEnd().Split(Environment.NewLine);
        Assert.Equal(EngramVersion.Current, lines[0]);
        Assert.StartsWith("build      managed code (JIT) on ", lines[1], StringComparison.Ordinal);
        Assert.Equal($"runtime    {RuntimeInformation.FrameworkDescription}", lines[2]);
        Assert.Equal($"processor  {Device.CpuInstructions}, {Environment.ProcessorCount} threads", lines[3]);
        Assert.Equal("", result.Error);
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512", "AVX2 (256-bit lanes)")]
    [InlineData("DOTNET_EnableAVX2", "SSE (128-bit lanes)")]
    public void The_version_tells_the_instructions_that_are_live_not_those_the_processor_has(string switchedOff, string expected)
    {
        Assert.SkipUnless(Device.CpuInstructions.StartsWith("AVX-512", StringComparison.Ordinal), "skipped: this process has no AVX-512");

        using Process process = CommandLine.Start(null, ["--version"], new() { [switchedOff] = "0" });

        Assert.Contains(expected, CommandLine.Finish(process).MustSucceed().Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_goes_to_standard_output()
    {
        CommandLine.Result result = CommandLine.Run("--help").MustSucceed();

        Assert.Contains("inspect", result.Output, StringComparison.Ordinal);
        Assert.Equal("", result.Error);
    }

    [Fact]
    public void Wrong_usage_ends_with_2_and_leaves_standard_output_empty() =>
        CommandLine.Run("train", "forecast", "x.csv", "--targt", "y").MustFail(2, "did you mean '--target'?");
}
