using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Engram.Files;

namespace Engram.Cli.Tests.Verbs;

/// <summary>Whole processes that are killed, interrupted twice, or run out of disk.</summary>
public sealed class SurvivalTests(TrainedRun shared)
{
    /// <summary>30 in the suite; scripts/check-reliability.sh asks for more.</summary>
    private static readonly int _kills = int.Parse(Environment.GetEnvironmentVariable("ENGRAM_KILLS") ?? "30", CultureInfo.InvariantCulture);

    private static readonly string[] _saveAlways = ["--checkpoint-interval", "0s", "--gradient-statistics", "1"];

    [Fact]
    public void A_run_killed_again_and_again_while_saving_always_has_a_checkpoint_and_ends_like_the_uncut_one()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "skipped: Windows has no such signals");
        shared.Write("killed.csv", TrainedRun.Sine(300));
        string[] Arguments(string run) => ["train", "forecast", "killed.csv", .. TrainedRun.Quick, .. _saveAlways, "--epochs", $"{20 * _kills}", "--patience", "0", "--output", run];
        var random = new RandomStream(_kills);
        string checkpoint = shared.PathOf("killed/checkpoint.safetensors"), events = shared.PathOf("killed/events.jsonl");
        int strays = 0;
        for (int i = 0; i < _kills; i++)
        {
            long before = Length(events);
            using Process process = CommandLine.Start(shared.Folder, i == 0 ? Arguments("killed") : ["resume", "killed"]);
            // From the first event of this process on it saves after every batch, without end.
            while (Length(events) == before && !process.HasExited)
            {
                Thread.Sleep(1);
            }
            Thread.Sleep((int)(random.Bits(i) % 40));
            Assert.False(process.HasExited, $"ended before it was killed: {i}");
            process.Kill();
            process.WaitForExit();

            Assert.Contains("position.batches", SafeTensorsFile.Read(checkpoint).Metadata.Keys);
            strays += Directory.GetFiles(shared.PathOf("killed"), "*.tmp").Length;
        }
        TestContext.Current.SendDiagnosticMessage($"{_kills} kills left {strays} temporary files behind");

        int done = File.ReadLines(events).Count(line => line.StartsWith("{\"event\":\"epoch\"", StringComparison.Ordinal));
        string[] Ended(string run) => [.. Arguments(run).Select(argument => argument == $"{20 * _kills}" ? $"{done + 3}" : argument)];
        shared.Run([.. Ended("killed"), "--resume"]).MustSucceed();
        shared.Run(Ended("never-killed")).MustSucceed();

        Assert.Empty(Directory.GetFiles(shared.PathOf("killed"), "*.tmp"));
        Assert.Equal(State("never-killed"), State("killed"));
    }

    [Fact]
    public void A_second_signal_ends_at_once_and_harms_nothing()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "skipped: Windows has no such signals");
        shared.Write("twice.csv", TrainedRun.Sine(400));
        string[] Arguments(string run) => ["train", "forecast", "twice.csv", .. TrainedRun.Quick, "--epochs", "40", "--patience", "0", "--output", run];
        using Process process = CommandLine.Start(shared.Folder, Arguments("twice"));
        WaitForEpochs("twice", 2);

        Send(process, 2);
        Send(process, 2);
        var clock = Stopwatch.StartNew();
        CommandLine.Result result = CommandLine.Finish(process);

        Assert.Equal(130, result.ExitCode);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"{clock.Elapsed}");
        shared.Run("resume", "twice").MustSucceed();
        shared.Run(Arguments("once")).MustSucceed();
        Assert.Equal(State("once"), State("twice"));
    }

    [Theory]
    [InlineData(2, 130)]
    [InlineData(15, 143)]
    public void A_signal_saves_within_five_seconds(int signal, int exitCode)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "skipped: Windows has no such signals");
        // 700,000 weights: a step takes its time.
        using Process process = CommandLine.Start(shared.Folder,
            ["train", "forecast", "data.csv", "--target", "value", "--window", "20", "--units", "400", "--epochs", "500", "--patience", "0", "--output", $"slow-{signal}"]);
        string checkpoint = shared.PathOf($"slow-{signal}/checkpoint.safetensors");
        while (!File.Exists(checkpoint) && !process.HasExited)
        {
            Thread.Sleep(10);
        }
        Thread.Sleep(300);
        var clock = Stopwatch.StartNew();
        Send(process, signal);
        CommandLine.Finish(process).MustFail(exitCode, "Interrupted after", $"engram resume slow-{signal}");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"{clock.Elapsed}");
    }

    [Fact]
    public void Divergence_ends_with_its_code_and_keeps_the_checkpoint()
    {
        CommandLine.Result result = shared.Run(["train", "forecast", "data.csv", .. TrainedRun.Quick, "--optimizer", "sgd", "--learning-rate", "1e30", "--output", "survival-diverged"]);

        result.MustFail(5, "Training diverged in epoch 1, batch", "The last good checkpoint is kept in 'survival-diverged", "a lower learning rate");
        Assert.All(SafeTensorsFile.Read(shared.PathOf("survival-diverged/checkpoint.safetensors")).Tensors.Values,
            tensor => Assert.All(tensor.ToSingleArray(), value => Assert.True(float.IsFinite(value))));
    }

    [Fact]
    public void A_full_disk_ends_with_its_code_and_keeps_the_checkpoint()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "skipped: tmpfs is of Linux");
        string disk = shared.PathOf("small-disk");
        Directory.CreateDirectory(disk);
        Assert.SkipUnless(Call("mount", "-t", "tmpfs", "-o", "size=120k", "tmpfs", disk), "skipped: no right to mount a small disk");
        try
        {
            string[] arguments = ["train", "forecast", "data.csv", .. TrainedRun.Quick, .. _saveAlways, "--epochs", "100", "--patience", "0", "--output", "small-disk/run"];
            CommandLine.Result result = shared.Run(arguments);

            result.MustFail(6, "Cannot write 'small-disk/run/", "disk");
            Assert.DoesNotContain(Directory.GetFiles(disk + "/run"), file => file.EndsWith(".tmp", StringComparison.Ordinal));
            SafeTensorsFile.Read(disk + "/run/checkpoint.safetensors");
            // More room, and it goes on.
            Assert.True(Call("mount", "-o", "remount,size=40m", disk));
            shared.Run("resume", "small-disk/run").MustSucceed();
            shared.Run([.. arguments[..^1], "large-disk"]).MustSucceed();
            Assert.Equal(State("large-disk"), State("small-disk/run"));
        }
        finally
        {
            Call("umount", disk);
        }
    }

    [Fact]
    public void The_library_gives_the_weights_of_the_command_line()
    {
        var options = new Engram.Tasks.ForecastOptions { Window = 8, Units = [4], Epochs = 2, Horizon = 2, Seed = 3 };
        Engram.Tasks.Forecaster forecaster = Engram.Tasks.Forecaster.Train(Engram.Data.Table.ReadCsv(shared.PathOf("data.csv")), "value", options);
        forecaster.Save(shared.PathOf("from-library.safetensors"));
        Assert.Equal(SafeTensorsFile.Read(shared.PathOf("run/model.safetensors")).WeightsSha256, SafeTensorsFile.Read(shared.PathOf("from-library.safetensors")).WeightsSha256);
    }

    private static bool Call(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;

    private static void Send(Process process, int signal) => Call("kill", $"-{signal}", $"{process.Id}");

    private void WaitForEpochs(string run, int epochs)
    {
        string history = shared.PathOf($"{run}/history.csv");
        while (!File.Exists(history) || File.ReadAllLines(history).Length <= epochs)
        {
            Thread.Sleep(10);
        }
    }

    /// <summary>All that the last checkpoint holds, but for times.</summary>
    private (string Tensors, string Steps, string Best, string Model) State(string run)
    {
        SafeTensorsFile checkpoint = SafeTensorsFile.Read(shared.PathOf($"{run}/checkpoint.safetensors"));
        using JsonDocument history = JsonDocument.Parse(checkpoint.Metadata["history"]);
        string values = string.Join(';', history.RootElement.EnumerateArray().Select(epoch => $"{epoch.GetProperty("epoch")} {epoch.GetProperty("learningRate")} {epoch.GetProperty("values")}"));
        return (checkpoint.WeightsSha256, checkpoint.Metadata["steps"] + values, checkpoint.Metadata["earlyStopping.best"], SafeTensorsFile.Read(shared.PathOf($"{run}/model.safetensors")).WeightsSha256);
    }
}
