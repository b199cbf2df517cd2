using System.Text.Json;

namespace Engram.Cli.Tests.Verbs;

public sealed class ProfiledVerbTests(TrainedRun shared)
{
    [Theory]
    [InlineData("read table", "train", "forecast", "{data}", "--target", "value", "--window", "8", "--units", "4", "--epochs", "1", "--output", "run")]
    [InlineData("read model", "predict", "{run}", "{data}", "--rolling")]
    [InlineData("read model", "evaluate", "{run}", "{data}")]
    public void A_profile_prints_the_shares_and_leaves_a_trace_beside_the_usual_result(string span, params string[] arguments)
    {
        using TemporaryFolder folder = new();
        string[] full = [.. arguments.Select(argument => argument.Replace("{data}", shared.PathOf("data.csv"), StringComparison.Ordinal).Replace("{run}", shared.PathOf("run"), StringComparison.Ordinal))];

        CommandLine.Result result = CommandLine.RunIn(folder.Path, [.. full, "--profile"]).MustSucceed();

        Assert.NotEqual("", result.Output);
        Assert.Contains("Where the time went", result.Error, StringComparison.Ordinal);
        Assert.Contains("products", result.Error, StringComparison.Ordinal);
        using JsonDocument trace = JsonDocument.Parse(File.ReadAllBytes(folder.File("engram-trace.json")));
        string[] names = [.. trace.RootElement.GetProperty("traceEvents").EnumerateArray().Select(item => item.GetProperty("name").GetString()!)];
        Assert.Contains(span, names);
        Assert.Contains(arguments[0] == "train" ? "forecast" : arguments[0], names); // the verb itself, around all
        double shares = trace.RootElement.GetProperty("otherData").GetProperty("shares").EnumerateObject().Sum(share => share.Value.GetDouble());
        Assert.Equal(1, shares, 1e-6);
    }

    [Fact]
    public void Without_it_nothing_is_printed_or_written_of_it()
    {
        using TemporaryFolder folder = new();

        CommandLine.Result result = CommandLine.RunIn(folder.Path, "predict", shared.PathOf("run")).MustSucceed();

        Assert.DoesNotContain("Where the time went", result.Error, StringComparison.Ordinal);
        Assert.Empty(folder.Names);
    }
}
