using System.Text.Json;
using System.Text.RegularExpressions;
using Engram.Data;
using Engram.Tasks.Tests.TrainingRuns;

namespace Engram.Tasks.Tests.Forecasting;

/// <summary>A run that was cut goes on; what may change meanwhile, and what may not.</summary>
public sealed class ForecastResumeTests : ForecastRunFixture
{
    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    [InlineData(19)]
    public void An_interrupted_run_goes_on_to_the_same_weights(int batches)
    {
        ForecastRun.Execute(Options("whole", epochs: 5));
        using CancellationTokenSource interruption = new();
        RunResult<Forecaster> cut = ForecastRun.Execute(
            Options("cut", epochs: 5), progress: new CancelAfter(batches, interruption), cancellation: interruption.Token);
        Assert.True(cut.IsInterrupted);
        Assert.Contains("engram resume", cut.Interruption, StringComparison.Ordinal);
        Assert.False(File.Exists(PathOf("cut/report.json")));

        RunResult<Forecaster> resumed = ForecastRun.Resume(PathOf("cut"));

        Assert.False(resumed.IsInterrupted);
        Assert.Equal(WeightsSha256("whole"), WeightsSha256("cut"));
        Assert.Equal(Lines("whole", "predictions.csv"), Lines("cut", "predictions.csv"));
        Assert.Equal(5, Lines("cut", "events.jsonl").Length);
        Assert.Equal(6, Lines("cut", "history.csv").Length);
    }

    [Theory]
    [InlineData(OptimizerKind.NtAsgd, "plateau:1:0.5")]
    [InlineData(OptimizerKind.Asgd, "constant")]
    [InlineData(OptimizerKind.Nadam, "warm-up:0.5:cosine")]
    public void So_does_one_with_a_schedule_and_an_optimizer_that_remembers(OptimizerKind optimizer, string schedule)
    {
        ForecastRunOptions With(string name)
        {
            ForecastRunOptions options = Options(name, epochs: 5);
            return options with { Training = options.Training with { Optimizer = optimizer, Schedule = schedule, WeightDecay = 0.01 } };
        }
        ForecastRun.Execute(With("whole"));
        using CancellationTokenSource interruption = new();
        Assert.True(ForecastRun.Execute(With("cut"), progress: new CancelAfter(14, interruption), cancellation: interruption.Token).IsInterrupted);

        ForecastRun.Resume(PathOf("cut"));

        Assert.Equal(WeightsSha256("whole"), WeightsSha256("cut"));
        Assert.Equal(Lines("whole", "history.csv").Select(WithoutSeconds), Lines("cut", "history.csv").Select(WithoutSeconds));

        static string WithoutSeconds(string line) => line[..line.LastIndexOf(',')];
    }

    [Fact]
    public void The_best_model_so_far_can_be_used_while_a_run_is_cut()
    {
        using CancellationTokenSource interruption = new();
        ForecastRun.Execute(Options("cut", epochs: 5), progress: new CancelAfter(12, interruption), cancellation: interruption.Token);

        Forecaster forecaster = Forecaster.Load(PathOf("cut"));

        Assert.Null(forecaster.Report);
        Assert.Equal(4, forecaster.Predict(4).Values.Count);
    }

    [Fact]
    public void A_run_that_patience_ended_does_not_go_on()
    {
        ForecastRunOptions options = Options("run", epochs: 200);
        options = options with { Training = options.Training with { Patience = 1, LearningRate = 0.1 } };
        RunResult<Forecaster> first = ForecastRun.Execute(options);
        Assert.Equal("patience", first.Trained!.Report!.Training.Stopped);
        string sha = WeightsSha256("run");

        RunResult<Forecaster> again = ForecastRun.Resume(PathOf("run"));

        Assert.Equal(sha, WeightsSha256("run"));
        Assert.Equal(first.Trained!.Report.Training.Epochs, again.Trained!.Report!.Training.Epochs);
        Assert.Equal("patience", again.Trained!.Report.Training.Stopped);
    }

    [Fact]
    public void More_epochs_may_be_asked_for_but_no_other_options()
    {
        ForecastRunOptions options = Options("run", epochs: 2);
        ForecastRun.Execute(options);

        RunResult<Forecaster> longer = ForecastRun.Execute(options with { Resume = true, Training = options.Training with { Epochs = 4 } });
        InvalidOptionException error = Assert.Throws<InvalidOptionException>(() =>
            ForecastRun.Execute(options with { Resume = true, Training = options.Training with { Window = 9 } }));
        Assert.Throws<InvalidOptionException>(() => ForecastRun.Execute(options with { Resume = true, Training = options.Training with { Patience = 3 } }));

        Assert.Equal(4, longer.Trained!.Report!.Training.Epochs);
        Assert.Equal("--resume", error.Option);
        Assert.Contains("in its options.json 'training.window' is 8, and now 9. Only the time limit", error.Message, StringComparison.Ordinal);
        Assert.Equal(4, ForecastRun.Resume(PathOf("run")).Trained!.Report!.Training.Epochs);
    }

    [Theory]
    [InlineData("cosine")]
    [InlineData("warm-up:1:one-cycle")]
    public void A_schedule_that_runs_over_all_epochs_keeps_their_number(string schedule)
    {
        ForecastRunOptions options = Options("run", epochs: 2);
        options = options with { Training = options.Training with { Schedule = schedule } };
        ForecastRun.Execute(options);

        InvalidOptionException error = Assert.Throws<InvalidOptionException>(() =>
            ForecastRun.Execute(options with { Resume = true, Training = options.Training with { Epochs = 4 } }));

        Assert.Contains("'training.epochs' is 2, and now 4", error.Message, StringComparison.Ordinal);
        Assert.False(ForecastRun.Resume(options.Output).IsInterrupted);
    }

    [Fact]
    public void Data_that_changed_cannot_go_on()
    {
        ForecastRun.Execute(Options("run", epochs: 2));
        TestTables.WriteCsv(PathOf("data.csv"), TestTables.Sine(200, seed: 8));

        Assert.Contains("data.csv: the data have changed", Assert.Throws<DataException>(() => ForecastRun.Resume(PathOf("run"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(17)]
    [InlineData(1)]
    public void A_time_limit_ends_a_run_after_a_batch_with_the_best_weights_and_may_be_raised(int seconds)
    {
        ForecastRun.Execute(Options("whole", epochs: 5));
        ForecastRunOptions options = Options("run", epochs: 5);
        ForecastRunOptions limited = options with { Training = options.Training with { TimeLimit = TimeSpan.FromSeconds(seconds) } };

        ForecastReport report = ForecastRun.Execute(limited, clock: new SecondPerLook()).Trained!.Report!;

        Assert.Equal("time limit", report.Training.Stopped);
        Assert.InRange(report.Training.Epochs, 0, 4);
        Assert.Equal(BestEpoch("run"), report.Training.BestEpoch);
        ForecastRun.Execute(options with { Resume = true });
        Assert.Equal(WeightsSha256("whole"), WeightsSha256("run"));
        Assert.Equal(Lines("whole", "predictions.csv"), Lines("run", "predictions.csv"));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(11)]
    [InlineData(13)]
    public void A_crash_cuts_the_logs_back_and_goes_on_from_the_last_checkpoint(int batches)
    {
        ForecastRunOptions With(string name) => Options(name, epochs: 4) with { GradientStatistics = 2, CheckpointInterval = TimeSpan.FromHours(1) };
        ForecastRun.Execute(With("whole"));
        Assert.Throws<InvalidTimeZoneException>(() => ForecastRun.Execute(With("cut"), progress: new Crash(batches)));
        File.AppendAllText(PathOf("cut/events.jsonl"), "{\"event\":\"epo"); // the power went in the middle of a line

        ForecastRun.Resume(PathOf("cut"));

        Assert.Equal(WeightsSha256("whole"), WeightsSha256("cut"));
        string[] Timeless(string run) => [.. Lines(run, "events.jsonl").Select(line => Regex.Replace(line, "\"seconds\":[^,]*,", ""))];
        Assert.Equal(Timeless("whole"), Timeless("cut"));
        Assert.Contains("\"layers\":{\"lstm\":{\"norm\":", Lines("cut", "events.jsonl")[0], StringComparison.Ordinal);
        Assert.Equal(4, Timeless("cut").Count(line => line.Contains("\"event\":\"epoch\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Events_that_are_gone_are_written_anew()
    {
        using CancellationTokenSource interruption = new();
        ForecastRun.Execute(Options("cut", epochs: 4), progress: new CancelAfter(12, interruption), cancellation: interruption.Token);
        File.Delete(PathOf("cut/events.jsonl"));
        ForecastRun.Resume(PathOf("cut"));
        Assert.Equal([1, 2, 3, 4], Lines("cut", "events.jsonl").Select(line => JsonDocument.Parse(line).RootElement.GetProperty("epoch").GetInt32()));
    }

    [Fact]
    public void A_damaged_checkpoint_is_named_with_what_to_do()
    {
        ForecastRun.Execute(Options("run", epochs: 1));
        File.WriteAllBytes(PathOf("run/checkpoint.safetensors"), File.ReadAllBytes(PathOf("run/checkpoint.safetensors"))[..1000]);

        string message = Assert.Throws<Engram.Files.ModelFileException>(() => ForecastRun.Resume(PathOf("run"))).Message;

        Assert.Contains(PathOf("run/checkpoint.safetensors"), message, StringComparison.Ordinal);
        Assert.EndsWith("The checkpoint is damaged; put an intact copy there, or train again.", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_checkpoint_of_another_run_is_refused()
    {
        ForecastRunOptions options = Options("run", epochs: 1), other = Options("other", epochs: 1);
        ForecastRun.Execute(options);
        ForecastRun.Execute(other with { Training = other.Training with { BatchSize = 16 } });
        File.Copy(PathOf("other/checkpoint.safetensors"), PathOf("run/checkpoint.safetensors"), overwrite: true);

        string message = Assert.Throws<Engram.Files.ModelFileException>(() => ForecastRun.Resume(options.Output)).Message;

        Assert.StartsWith(PathOf("run/checkpoint.safetensors") + " was written by a run with batch size 16; this run has 32. It is another run's", message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_killed_run_left_is_removed()
    {
        ForecastRun.Execute(Options("run", epochs: 1));
        File.WriteAllText(PathOf("run/.engram-dead.tmp"), "half");
        ForecastRun.Resume(PathOf("run"));
        Assert.False(File.Exists(PathOf("run/.engram-dead.tmp")));
    }

    private sealed class Crash(int batches) : IProgress<TaskProgress>
    {
        private int _left = batches;

        public void Report(TaskProgress value)
        {
            if (value.Fit is not null && --_left == 0)
            {
                throw new InvalidTimeZoneException("the power is gone");
            }
        }
    }

    /// <summary>A clock that goes on by a second whenever it is looked at.</summary>
    private sealed class SecondPerLook : TimeProvider
    {
        private long _looks;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _looks++;
    }
}
