using Engram.Data;
using Engram.Files;

namespace Engram.Tasks.Tests.Forecasting;

/// <summary>Whose a folder is: an earlier run's, another process's, nobody's.</summary>
public sealed class ForecastFolderTests : ForecastRunFixture
{
    [Fact]
    public void A_folder_in_use_is_refused_until_it_may_be_replaced()
    {
        ForecastRunOptions options = Options("run", epochs: 2);
        ForecastRun.Execute(options);
        string sha = WeightsSha256("run");

        Assert.Equal("--output", Assert.Throws<InvalidOptionException>(() => ForecastRun.Execute(options)).Option);
        Assert.Equal(sha, WeightsSha256("run"));
        ForecastRun.Execute(options with { Overwrite = true, Training = options.Training with { Seed = 5 } });
        Assert.NotEqual(sha, WeightsSha256("run"));
    }

    [Fact]
    public void Bad_options_and_data_leave_an_earlier_run_as_it_was()
    {
        ForecastRunOptions options = Options("run", epochs: 2);
        ForecastRun.Execute(options);
        string sha = WeightsSha256("run");

        Assert.Throws<DataException>(() => ForecastRun.Execute(options with { Overwrite = true, Target = "z" }));
        Assert.Throws<InvalidOptionException>(() => ForecastRun.Execute(options with { Overwrite = true, Training = options.Training with { Horizon = 41 } }));

        Assert.Equal(sha, WeightsSha256("run"));
        Assert.True(File.Exists(PathOf("run/report.json")));
    }

    [Fact]
    public void Missing_runs_and_files_in_the_way_are_named()
    {
        Assert.Throws<InvalidOptionException>(() => ForecastRun.Resume(PathOf("nowhere")));
        ForecastRunOptions options = Options("data.csv", epochs: 2);
        Assert.Contains("is a file", Assert.Throws<InvalidOptionException>(() => ForecastRun.Execute(options)).Message, StringComparison.Ordinal);
        Assert.Throws<FileWriteException>(() => ForecastRun.Execute(options with { Output = "/dev/null/run" }));
    }

    [Fact]
    public void What_is_no_run_of_ours_is_never_taken_for_one()
    {
        Directory.CreateDirectory(PathOf("other"));
        File.WriteAllText(PathOf("other/model.safetensors"), "precious");
        ForecastRunOptions options = Options("other", epochs: 2);

        Assert.Equal("--output", Assert.Throws<InvalidOptionException>(() => ForecastRun.Execute(options)).Option);
        Assert.Equal("--resume", Assert.Throws<InvalidOptionException>(() => ForecastRun.Execute(options with { Resume = true })).Option);
        Assert.Equal("precious", File.ReadAllText(PathOf("other/model.safetensors")));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("not json")]
    public void Damaged_options_are_named(string text)
    {
        ForecastRun.Execute(Options("run", epochs: 1));
        File.WriteAllText(PathOf("run/options.json"), text);

        Assert.Contains("options.json", Assert.Throws<ModelFileException>(() => ForecastRun.Resume(PathOf("run"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_comes_to_nothing_leaves_no_folder()
    {
        ForecastRunOptions options = Options("none", epochs: 2);
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();

        Assert.Throws<DataException>(() => ForecastRun.Execute(options with { Target = "z" }));
        Assert.ThrowsAny<OperationCanceledException>(() => ForecastRun.Execute(options, cancellation: cancelled.Token));
        Assert.False(Directory.Exists(options.Output));
        Directory.CreateDirectory(options.Output);
        Assert.Throws<DataException>(() => ForecastRun.Execute(options with { Target = "z" }));
        Assert.True(Directory.Exists(options.Output));
    }

    [Fact]
    public void A_folder_is_one_run_s_at_a_time()
    {
        ForecastRunOptions options = Options("run", epochs: 2);
        InvalidOptionException? refused = null, resumed = null;
        ForecastRun.Execute(options, progress: new Each(() =>
        {
            refused ??= Assert.Throws<InvalidOptionException>(() => ForecastRun.Execute(options with { Overwrite = true }));
            resumed ??= Assert.Throws<InvalidOptionException>(() => ForecastRun.Resume(options.Output));
        }));
        Assert.Contains("is in use by another run", refused!.Message, StringComparison.Ordinal);
        Assert.Equal(("--output", "--resume"), (refused.Option, resumed!.Option));
        Assert.False(ForecastRun.Execute(options with { Overwrite = true }).IsInterrupted);
    }

    private sealed class Each(Action action) : IProgress<TaskProgress>
    {
        public void Report(TaskProgress value)
        {
            if (value.Fit is not null)
            {
                action();
            }
        }
    }
}
