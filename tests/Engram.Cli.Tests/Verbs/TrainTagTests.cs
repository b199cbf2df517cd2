using System.Text.Json;

namespace Engram.Cli.Tests.Verbs;

public sealed class TrainTagTests
{
    private static readonly string _names = Path.Combine(Repository.Root, "samples", "data", "names.txt");

    private static readonly string[] _small = ["--units", "8", "--embedding", "8", "--character-units", "4", "--learning-rate", "0.02", "--dropout", "0.1"];

    [Fact]
    public void Train_predict_evaluate_inspect()
    {
        using var folder = new TemporaryFolder();
        string run = folder.File("run");
        CommandLine.Result trained = CommandLine.Run(
            ["train", "tag", _names, "--column", "0", "--label", "-1", "--features", "1", "--crf", "--scheme", "bioes", "--epochs", "6", "--output", run, "--json", .. _small]);
        Assert.True(trained.ExitCode == 0, trained.Error);
        using (JsonDocument report = JsonDocument.Parse(trained.Output))
        {
            Assert.Equal("tag", report.RootElement.GetProperty("task").GetString());
            Assert.True(report.RootElement.GetProperty("metrics").GetProperty("test").GetProperty("f1").GetDouble() > 50);
        }
        Assert.True(File.Exists(Path.Combine(run, "loss.png")));

        CommandLine.Result predicted = CommandLine.RunWithInput("Tom Xx ?\nlives x ?\n\nOslo Xx ?\n", ["predict", run, "-"]);
        Assert.True(predicted.ExitCode == 0, predicted.Error);
        Assert.Matches(@"^Tom\t\S+\nlives\t\S+\n\nOslo\t\S+\n\n$", predicted.Output.ReplaceLineEndings("\n"));

        CommandLine.Run("predict", run, _names, "--no-header").MustFail(2, "--no-header: means nothing to this model, whose task is tag");
        CommandLine.Result evaluated = CommandLine.Run("evaluate", run, _names, "--json");
        Assert.True(evaluated.ExitCode == 0, evaluated.Error);
        Assert.Equal("tag", JsonDocument.Parse(evaluated.Output).RootElement.GetProperty("task").GetString());
        Assert.True(JsonDocument.Parse(evaluated.Output).RootElement.GetProperty("baselines").GetProperty("majority").GetProperty("f1").GetDouble() > 0);
        Assert.Contains("Verdict: ", CommandLine.Run("evaluate", run, _names).MustSucceed().Output, StringComparison.Ordinal);
        Assert.Equal(120, JsonDocument.Parse(evaluated.Output).RootElement.GetProperty("sentences").GetInt32());

        CommandLine.Result inspected = CommandLine.Run("inspect", run);
        Assert.True(inspected.ExitCode == 0, inspected.Error);
        Assert.Contains("conditional-random-field", inspected.Output, StringComparison.Ordinal);
        Assert.All(inspected.Output.Split('\n'), line => Assert.True(line.Length <= 160, line));
        Assert.Equal(0, CommandLine.Run("inspect", run, "--json").ExitCode);
    }

    [Fact]
    public void What_chose_the_best_epoch_is_told()
    {
        using var folder = new TemporaryFolder();
        string[] arguments = ["train", "tag", _names, "--epochs", "2", .. _small];
        Assert.Matches("the best by validation F1 was epoch [12]", CommandLine.Run([.. arguments, "--output", folder.File("run")]).MustSucceed().Output);
        Assert.Matches("the best was epoch [12]", CommandLine.Run([.. arguments, "--validation", "0", "--output", folder.File("whole")]).MustSucceed().Output);
    }

    [Theory]
    [InlineData(3, "no column 7", "--label", "7")]
    [InlineData(2, "--word-dropout", "--word-dropout", "1")]
    [InlineData(2, "bio, bioes", "--scheme", "iob")]
    public void What_does_not_serve_ends_with_its_code(int code, string told, params string[] options)
    {
        using var folder = new TemporaryFolder();
        CommandLine.Result result = CommandLine.Run(["train", "tag", _names, "--epochs", "1", "--output", folder.File("run"), .. _small, .. options]);
        Assert.Equal(code, result.ExitCode);
        Assert.Contains(told, result.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("run")));
    }
}
