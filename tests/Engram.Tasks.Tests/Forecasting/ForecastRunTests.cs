using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Engram.Data;
using Engram.Files;
using Engram.Tasks.Tests.TrainingRuns;
using Engram.Training;

namespace Engram.Tasks.Tests.Forecasting;

public sealed class ForecastRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_leaves_all_its_files()
    {
        ForecastRunOptions options = Options("run", epochs: 3);

        RunResult<Forecaster> result = ForecastRun.Execute(options);

        Assert.False(result.IsInterrupted);
        string[] files = [".engram-lock", "checkpoint.safetensors", "events.jsonl", "history.csv", "model.safetensors", "options.json", "predictions.csv", "report.json"];
        Assert.Equal(files, Directory.GetFiles(options.Output).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        string[] predictions = Lines("run", "predictions.csv"), history = Lines("run", "history.csv");
        Assert.Equal("time,step,actual,predicted,naive", predictions[0]);
        Assert.Equal(1 + (2 * 39), predictions.Length);
        Assert.StartsWith("2020-01-07 16:00:00,1,", predictions[1], StringComparison.Ordinal);
        Assert.Equal("epoch,loss,val_loss,learning_rate,seconds", history[0]);
        Assert.Equal(4, history.Length);
        Assert.Equal([1, 2, 3], Lines("run", "events.jsonl").Select(line => JsonDocument.Parse(line).RootElement.GetProperty("epoch").GetInt32()));
    }

    [Fact]
    public void The_report_has_the_documented_shape()
    {
        ForecastRun.Execute(Options("run", epochs: 2));

        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(_folder.File("run/report.json")));
        JsonElement root = document.RootElement;

        Assert.Equal("task engram seed data split model training metrics baselines verdict", Names(root));
        Assert.Equal("files sha256 rows used notes", Names(root.GetProperty("data")));
        Assert.Equal("train validation test", Names(root.GetProperty("split")));
        Assert.Equal("from to rows", Names(root.GetProperty("split").GetProperty("train")));
        Assert.Equal("parameters layers cell", Names(root.GetProperty("model")));
        Assert.Equal("epochs bestEpoch seconds stopped", Names(root.GetProperty("training")));
        Assert.Equal("test validation", Names(root.GetProperty("metrics")));
        Assert.Equal("rmse mae mase smape byStep", Names(root.GetProperty("metrics").GetProperty("test")));
        Assert.Equal("naive seasonalNaive linear", Names(root.GetProperty("baselines")));
        Assert.Equal("forecast", root.GetProperty("task").GetString());
        Assert.Equal("epochs", root.GetProperty("training").GetProperty("stopped").GetString());
        Assert.Equal(200, root.GetProperty("data").GetProperty("rows").GetInt32());
        Assert.Equal(_folder.File("data.csv"), root.GetProperty("data").GetProperty("files")[0].GetString());

        static string Names(JsonElement element) => string.Join(' ', element.EnumerateObject().Select(property => property.Name));
    }

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
        Assert.False(File.Exists(_folder.File("cut/report.json")));

        RunResult<Forecaster> resumed = ForecastRun.Resume(_folder.File("cut"));

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

        ForecastRun.Resume(_folder.File("cut"));

        Assert.Equal(WeightsSha256("whole"), WeightsSha256("cut"));
        Assert.Equal(Lines("whole", "history.csv").Select(WithoutSeconds), Lines("cut", "history.csv").Select(WithoutSeconds));

        static string WithoutSeconds(string line) => line[..line.LastIndexOf(',')];
    }

    [Fact]
    public void The_best_model_so_far_can_be_used_while_a_run_is_cut()
    {
        using CancellationTokenSource interruption = new();
        ForecastRun.Execute(Options("cut", epochs: 5), progress: new CancelAfter(12, interruption), cancellation: interruption.Token);

        Forecaster forecaster = Forecaster.Load(_folder.File("cut"));

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

        RunResult<Forecaster> again = ForecastRun.Resume(_folder.File("run"));

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
        Assert.Equal(4, ForecastRun.Resume(_folder.File("run")).Trained!.Report!.Training.Epochs);
    }

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
        Assert.True(File.Exists(_folder.File("run/report.json")));
    }

    [Fact]
    public void Data_that_changed_cannot_go_on()
    {
        ForecastRun.Execute(Options("run", epochs: 2));
        TestTables.WriteCsv(_folder.File("data.csv"), TestTables.Sine(200, seed: 8));

        Assert.Contains("have changed", Assert.Throws<DataException>(() => ForecastRun.Resume(_folder.File("run"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Missing_runs_and_files_in_the_way_are_named()
    {
        Assert.Throws<InvalidOptionException>(() => ForecastRun.Resume(_folder.File("nowhere")));
        ForecastRunOptions options = Options("data.csv", epochs: 2);
        Assert.Contains("is a file", Assert.Throws<InvalidOptionException>(() => ForecastRun.Execute(options)).Message, StringComparison.Ordinal);
        Assert.Throws<FileWriteException>(() => ForecastRun.Execute(options with { Output = "/dev/null/run" }));
    }

    [Fact]
    public void What_is_no_run_of_ours_is_never_taken_for_one()
    {
        Directory.CreateDirectory(_folder.File("other"));
        File.WriteAllText(_folder.File("other/model.safetensors"), "precious");
        ForecastRunOptions options = Options("other", epochs: 2);

        Assert.Equal("--output", Assert.Throws<InvalidOptionException>(() => ForecastRun.Execute(options)).Option);
        Assert.Equal("--resume", Assert.Throws<InvalidOptionException>(() => ForecastRun.Execute(options with { Resume = true })).Option);
        Assert.Equal("precious", File.ReadAllText(_folder.File("other/model.safetensors")));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("not json")]
    public void Damaged_options_are_named(string text)
    {
        ForecastRun.Execute(Options("run", epochs: 1));
        File.WriteAllText(_folder.File("run/options.json"), text);

        Assert.Contains("options.json", Assert.Throws<ModelFileException>(() => ForecastRun.Resume(_folder.File("run"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stream_is_kept_in_the_folder_so_that_the_run_can_go_on()
    {
        ForecastRun.Execute(Options("files", epochs: 3));
        using FileStream input = File.OpenRead(_folder.File("data.csv"));
        ForecastRunOptions options = Options("streamed", epochs: 2) with { Files = ["-"], Input = input };

        ForecastRun.Execute(options);
        ForecastRun.Execute(options with { Input = null, Resume = true, Training = options.Training with { Epochs = 3 } });

        Assert.Equal(WeightsSha256("files"), WeightsSha256("streamed"));
        Assert.Equal(File.ReadAllBytes(_folder.File("data.csv")), File.ReadAllBytes(_folder.File("streamed/standard-input.csv")));
        File.Delete(_folder.File("streamed/standard-input.csv"));
        Assert.Contains("standard-input.csv: there is no such file", Assert.Throws<DataException>(() => ForecastRun.Resume(_folder.File("streamed"))).Message, StringComparison.Ordinal);
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
    public void A_test_file_is_scored_on_and_named()
    {
        TestTables.WriteCsv(_folder.File("test.csv"), TestTables.Sine(230)[200..], first: 200);

        ForecastReport report = ForecastRun.Execute(Options("run", epochs: 2) with { TestFile = _folder.File("test.csv") }).Trained!.Report!;

        Assert.Equal(30, report.Split.Test.Rows);
        Assert.Equal([_folder.File("test.csv")], report.Data.TestFiles!);
        Assert.Equal(report.Metrics.Test.Rmse, ForecastRun.Resume(_folder.File("run")).Trained!.Report!.Metrics.Test.Rmse);
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

    /// <summary>The best weights are what a run leaves, however it ends.</summary>
    [Theory]
    [InlineData("finished")]
    [InlineData("patience")]
    [InlineData("time")]
    [InlineData("interrupt")]
    [InlineData("divergence")]
    public void The_best_weights_are_kept_however_training_ends(string end)
    {
        ForecastRunOptions options = Options("run", epochs: end is "patience" or "divergence" ? 300 : 6);
        options = options with { Training = options.Training with { LearningRate = 0.1, Dropout = 0.5, Patience = end == "patience" ? 2 : 0 } };
        if (end == "divergence")
        {
            options = options with { Training = options.Training with { Optimizer = OptimizerKind.Sgd, LearningRate = 3 } };
        }
        if (end == "time")
        {
            options = options with { Training = options.Training with { TimeLimit = TimeSpan.FromSeconds(20) } };
        }
        using CancellationTokenSource interruption = new();
        CancelAfter? progress = end == "interrupt" ? new CancelAfter(20, interruption) : null;
        if (end == "divergence")
        {
            TrainingDivergedException error = Assert.Throws<TrainingDivergedException>(() => ForecastRun.Execute(options));
            Assert.Contains("checkpoint.safetensors", error.Message, StringComparison.Ordinal);
        }
        else
        {
            ForecastRun.Execute(options, progress: progress, clock: new SecondPerLook(), cancellation: interruption.Token);
        }

        int best = BestEpoch("run");
        Assert.True(best > 0, "an epoch was done");
        SafeTensorsFile checkpoint = SafeTensorsFile.Read(_folder.File("run/checkpoint.safetensors")), model = SafeTensorsFile.Read(_folder.File("run/model.safetensors"));
        Assert.Equal(best.ToString(CultureInfo.InvariantCulture), checkpoint.Metadata["earlyStopping.bestEpoch"]);
        Assert.All(model.Tensors.Values, tensor => Assert.Equal(checkpoint.Tensors["best." + tensor.Name].Bytes.ToArray(), tensor.Bytes.ToArray()));

        // A run of so many epochs ends with the weights of its last, which is its best.
        ForecastRun.Execute(options with { Output = _folder.File("again"), Training = options.Training with { Epochs = best, Patience = 0, TimeLimit = null } });
        Assert.Equal(WeightsSha256("again"), WeightsSha256("run"));
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
        File.AppendAllText(_folder.File("cut/events.jsonl"), "{\"event\":\"epo"); // the power went in the middle of a line

        ForecastRun.Resume(_folder.File("cut"));

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
        File.Delete(_folder.File("cut/events.jsonl"));
        ForecastRun.Resume(_folder.File("cut"));
        Assert.Equal([1, 2, 3, 4], Lines("cut", "events.jsonl").Select(line => JsonDocument.Parse(line).RootElement.GetProperty("epoch").GetInt32()));
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

    [Fact]
    public void What_a_killed_run_left_is_removed()
    {
        ForecastRun.Execute(Options("run", epochs: 1));
        File.WriteAllText(_folder.File("run/.engram-dead.tmp"), "half");
        ForecastRun.Resume(_folder.File("run"));
        Assert.False(File.Exists(_folder.File("run/.engram-dead.tmp")));
    }

    [Theory]
    [InlineData(0, 1, 0, "--checkpoint-epochs")]
    [InlineData(1, -1, 0, "--checkpoint-interval")]
    [InlineData(1, 1, -1, "--gradient-statistics")]
    public void What_is_written_meanwhile_has_its_ranges(int epochs, int seconds, int gradients, string option) =>
        Assert.Equal(option, Assert.Throws<InvalidOptionException>(() => ForecastRun.Execute(Options("run", epochs: 1) with
        {
            CheckpointEpochs = epochs, CheckpointInterval = TimeSpan.FromSeconds(seconds), GradientStatistics = gradients,
        })).Option);

    private ForecastRunOptions Options(string output, int epochs)
    {
        if (!File.Exists(_folder.File("data.csv")))
        {
            TestTables.WriteCsv(_folder.File("data.csv"), TestTables.Sine(200));
        }
        return new ForecastRunOptions
        {
            Files = [_folder.File("data.csv")],
            Target = "y",
            Output = _folder.File(output),
            Training = TestTables.Quick with { Epochs = epochs, Season = null, Horizon = 2, Dropout = 0.1 },
        };
    }

    private string WeightsSha256(string run) => ModelFile.Read(_folder.File(run + "/model.safetensors")).WeightsSha256;

    /// <summary>The epoch with the least validation loss, as the log tells.</summary>
    private int BestEpoch(string run) => Lines(run, "history.csv").Skip(1).Select(line => line.Split(','))
        .MinBy(cells => double.Parse(cells[2], CultureInfo.InvariantCulture)) is { } best ? int.Parse(best[0], CultureInfo.InvariantCulture) : 0;

    private string[] Lines(string run, string name) => File.ReadAllLines(_folder.File(run + "/" + name));

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

    /// <summary>A clock that goes on by a second whenever it is looked at.</summary>
    private sealed class SecondPerLook : TimeProvider
    {
        private long _looks;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _looks++;
    }
}
