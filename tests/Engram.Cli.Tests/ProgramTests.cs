namespace Engram.Cli.Tests;

public sealed class ProgramTests
{
    [Fact]
    public void The_version_is_printed_alone()
    {
        CommandLine.Result result = CommandLine.Run("--version").MustSucceed();

        Assert.Equal(EngramVersion.Current, result.Output.Trim());
        Assert.Equal("", result.Error);
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
