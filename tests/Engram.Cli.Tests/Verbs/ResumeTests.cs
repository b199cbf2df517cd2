using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Engram.Files;

namespace Engram.Cli.Tests.Verbs;

public sealed class ResumeTests(TrainedRun shared)
{
    private const int Interrupt = 2;
    private const int Terminate = 15;

    [Theory]
    [InlineData(Interrupt, 130)]
    [InlineData(Terminate, 143)]
    public void A_signal_saves_and_the_resumed_run_ends_like_one_that_was_not_cut(int signal, int exitCode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "skipped: Windows has no such signals");
        const int epochs = 30;
        shared.Write($"long-{signal}.csv", TrainedRun.Sine(600));
        string uncut = $"uncut-{signal}", cut = $"cut-{signal}";
        string[] Arguments(string output) =>
            ["train", "forecast", $"long-{signal}.csv", .. TrainedRun.Quick, "--epochs", $"{epochs}", "--patience", "0", "--output", output];

        using Process process = CommandLine.Start(shared.Folder, Arguments(cut));
        string history = shared.PathOf($"{cut}/history.csv");
        while (!process.HasExited && (!File.Exists(history) || File.ReadAllLines(history).Length < 3))
        {
            Thread.Sleep(20);
        }
        Send(process, signal);
        CommandLine.Finish(process).MustFail(exitCode, "Interrupted after", $"engram resume {cut}");
        Assert.False(File.Exists(shared.PathOf($"{cut}/report.json")));
        Assert.DoesNotContain(Directory.EnumerateFiles(shared.PathOf(cut)), file => file.EndsWith(".tmp", StringComparison.Ordinal));

        shared.Run("resume", cut, "--threads", "1").MustSucceed();
        shared.Run([.. Arguments(uncut), "--quiet"]).MustSucceed();

        Assert.Equal(WeightsOf(uncut), WeightsOf(cut));
        Assert.Equal(epochs, EpochsOf(cut));
    }

    [Fact]
    public void A_signal_while_data_are_read_ends_at_once_and_leaves_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "skipped: Windows has no such signals");
        using Process process = CommandLine.Start(shared.Folder, ["train", "forecast", "-", .. TrainedRun.Quick, "--output", "never"]);
        Assert.Equal("Reading the data", process.StandardError.ReadLine());

        Send(process, Interrupt);
        process.WaitForExit();

        Assert.Equal(130, process.ExitCode);
        Assert.Contains("nothing was written", process.StandardError.ReadToEnd(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(shared.PathOf("never")));
    }

    [Fact]
    public void A_folder_without_a_run_is_refused()
    {
        Directory.CreateDirectory(shared.PathOf("nothing"));

        shared.Run("resume", "nothing").MustFail(2, "nothing", "holds no run");
    }

    [Fact]
    public void A_run_without_a_checkpoint_starts_from_the_beginning_and_says_so()
    {
        shared.Write("cut-early.csv", TrainedRun.Sine(300));
        shared.Run(["train", "forecast", "cut-early.csv", .. TrainedRun.Quick, "--output", "cut-early", "--quiet"]).MustSucceed();
        string weights = WeightsOf("cut-early");
        foreach (string file in Directory.EnumerateFiles(shared.PathOf("cut-early")).Where(file => !file.EndsWith("options.json", StringComparison.Ordinal)))
        {
            File.Delete(file);
        }

        Assert.Contains("no checkpoint in cut-early: training starts from the beginning", shared.Run("resume", "cut-early").MustSucceed().Error, StringComparison.Ordinal);

        Assert.Equal(weights, WeightsOf("cut-early"));
        Assert.DoesNotContain("no checkpoint", shared.Run("resume", "cut-early").MustSucceed().Error, StringComparison.Ordinal);
    }

    private static void Send(Process process, int signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal.ToString(CultureInfo.InvariantCulture)}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private string WeightsOf(string run) => SafeTensorsFile.Read(shared.PathOf($"{run}/model.safetensors")).WeightsSha256;

    private int EpochsOf(string run)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(shared.PathOf($"{run}/report.json")));
        return document.RootElement.GetProperty("training").GetProperty("epochs").GetInt32();
    }
}
