using System.Text.Json;
using Engram.Data;

namespace Engram.Tasks.Tests.Forecasting;

/// <summary>What a run reads, and what it leaves.</summary>
public sealed class ForecastRunTests : ForecastRunFixture
{
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

        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(PathOf("run/report.json")));
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
        Assert.Equal(PathOf("data.csv"), root.GetProperty("data").GetProperty("files")[0].GetString());

        static string Names(JsonElement element) => string.Join(' ', element.EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public void A_stream_is_kept_in_the_folder_so_that_the_run_can_go_on()
    {
        ForecastRun.Execute(Options("files", epochs: 3));
        using FileStream input = File.OpenRead(PathOf("data.csv"));
        ForecastRunOptions options = Options("streamed", epochs: 2) with { Files = ["-"], Input = input };

        ForecastRun.Execute(options);
        ForecastRun.Execute(options with { Input = null, Resume = true, Training = options.Training with { Epochs = 3 } });

        Assert.Equal(WeightsSha256("files"), WeightsSha256("streamed"));
        Assert.Equal(File.ReadAllBytes(PathOf("data.csv")), File.ReadAllBytes(PathOf("streamed/standard-input.csv")));
        File.Delete(PathOf("streamed/standard-input.csv"));
        Assert.Contains("standard-input.csv: there is no such file", Assert.Throws<DataException>(() => ForecastRun.Resume(PathOf("streamed"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_file_is_scored_on_and_named()
    {
        TestTables.WriteCsv(PathOf("test.csv"), TestTables.Sine(230)[200..], first: 200);

        ForecastReport report = ForecastRun.Execute(Options("run", epochs: 2) with { TestFile = PathOf("test.csv") }).Trained!.Report!;

        Assert.Equal(30, report.Split.Test.Rows);
        Assert.Equal([PathOf("test.csv")], report.Data.TestFiles!);
        Assert.Equal(report.Metrics.Test.Rmse, ForecastRun.Resume(PathOf("run")).Trained!.Report!.Metrics.Test.Rmse);
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
}
