using System.Text.Json;
using Engram.Data;
using Engram.Files;
using Engram.Tasks.Tests.TrainingRuns;

namespace Engram.Tasks.Tests.Classification;

public sealed class ClassifierRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_leaves_all_its_files_and_predictions_of_the_test_texts()
    {
        ClassifierRunOptions options = Options("run", epochs: 3);

        RunResult<TextClassifier> result = ClassifierRun.Execute(options);

        Assert.False(result.IsInterrupted);
        string[] files = [".engram-lock", "checkpoint.safetensors", "events.jsonl", "history.csv", "model.safetensors", "options.json", "predictions.csv", "report.json"];
        Assert.Equal(files, Directory.GetFiles(options.Output).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        string[] predictions = Lines("run", "predictions.csv");
        Assert.Equal("text,label,predicted,probability", predictions[0]);
        Assert.Equal(1 + 24, predictions.Length);
        ClassifierReport report = result.Trained!.Report!;
        Assert.Equal(report.Metrics.Test.Accuracy, predictions.Skip(1).Select(line => line.Split(',')).Average(cells => cells[1] == cells[2] ? 1 : 0), 12);
        Assert.Equal(("text", "label"), (result.Trained.TextColumn, result.Trained.LabelColumn));
    }

    [Fact]
    public void The_report_has_the_documented_shape()
    {
        ClassifierRun.Execute(Options("run", epochs: 2));

        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(_folder.File("run/report.json")));
        JsonElement root = document.RootElement;

        Assert.Equal("task engram seed data split model training metrics baselines mistakes verdict", Names(root));
        Assert.Equal("files sha256 rows used notes", Names(root.GetProperty("data")));
        Assert.Equal("train validation test", Names(root.GetProperty("split")));
        Assert.Equal("test validation", Names(root.GetProperty("metrics")));
        Assert.Equal("accuracy f1 auc loss byClass confusion", Names(root.GetProperty("metrics").GetProperty("test")));
        Assert.Equal("accuracy f1 auc loss", Names(root.GetProperty("metrics").GetProperty("validation")));
        Assert.Equal("majority bagOfWords", Names(root.GetProperty("baselines")));
        Assert.Equal("accuracy f1 auc loss", Names(root.GetProperty("baselines").GetProperty("bagOfWords")));
        Assert.Equal("classify", root.GetProperty("task").GetString());
        Assert.Equal(24, root.GetProperty("split").GetProperty("test").GetProperty("rows").GetInt32());

        static string Names(JsonElement element) => string.Join(' ', element.EnumerateObject().Select(property => property.Name));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(13)]
    [InlineData(17)]
    public void An_interrupted_run_goes_on_to_the_same_weights(int batches)
    {
        ClassifierRun.Execute(Options("whole", epochs: 5));
        using CancellationTokenSource interruption = new();
        RunResult<TextClassifier> cut = ClassifierRun.Execute(
            Options("cut", epochs: 5), progress: new CancelAfter(batches, interruption), cancellation: interruption.Token);
        Assert.True(cut.IsInterrupted);
        Assert.False(File.Exists(_folder.File("cut/report.json")));

        using Device device = Device.Cpu(3);
        RunResult<TextClassifier> resumed = ClassifierRun.Resume(_folder.File("cut"), device);

        Assert.False(resumed.IsInterrupted);
        Assert.Equal(WeightsSha256("whole"), WeightsSha256("cut"));
        Assert.Equal(Lines("whole", "predictions.csv"), Lines("cut", "predictions.csv"));
        Assert.Equal(6, Lines("cut", "history.csv").Length);
    }

    [Fact]
    public void The_best_model_so_far_can_be_used_while_a_run_is_cut()
    {
        using CancellationTokenSource interruption = new();
        ClassifierRun.Execute(Options("cut", epochs: 5), progress: new CancelAfter(14, interruption), cancellation: interruption.Token);

        TextClassifier classifier = TextClassifier.Load(_folder.File("cut"));

        Assert.Null(classifier.Report);
        ClassifierEvaluation evaluation = classifier.Evaluate(TestTexts.Separable(10, "a", "b"));
        Assert.Null(evaluation.Baselines);
        Assert.DoesNotContain("baselines\": {", evaluation.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void More_epochs_may_be_asked_for_but_no_other_options()
    {
        ClassifierRunOptions options = Options("run", epochs: 2);
        ClassifierRun.Execute(options);

        RunResult<TextClassifier> longer = ClassifierRun.Execute(options with { Resume = true, Training = options.Training with { Epochs = 4 } });
        ClassifierRunOptions[] others =
        [
            options with { Training = options.Training with { Length = 9 } },
            options with { Training = options.Training with { Text = options.Training.Text with { Vocabulary = 99 } } },
            options with { Label = "Label" },
        ];

        Assert.Equal(4, longer.Trained!.Report!.Training.Epochs);
        Assert.All(others, other => Assert.Equal("--resume", Assert.Throws<InvalidOptionException>(() => ClassifierRun.Execute(other with { Resume = true })).Option));
    }

    [Fact]
    public void A_folder_in_use_is_refused_until_it_may_be_replaced()
    {
        ClassifierRunOptions options = Options("run", epochs: 1);
        ClassifierRun.Execute(options);
        string sha = WeightsSha256("run");

        Assert.Equal("--output", Assert.Throws<InvalidOptionException>(() => ClassifierRun.Execute(options)).Option);
        Assert.Throws<DataException>(() => ClassifierRun.Execute(options with { Overwrite = true, Label = "lable" }));
        Assert.Equal(sha, WeightsSha256("run"));
        ClassifierRun.Execute(options with { Overwrite = true, Training = options.Training with { Seed = 5 } });
        Assert.NotEqual(sha, WeightsSha256("run"));
    }

    [Fact]
    public void A_run_of_another_task_does_not_go_on()
    {
        ClassifierRun.Execute(Options("run", epochs: 1));

        Assert.Contains("options.json", Assert.Throws<ModelFileException>(() => ForecastRun.Resume(_folder.File("run"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_file_is_scored_on_and_named()
    {
        _folder.Write(TestTexts.Csv(TestTexts.Separable(31, "a", "b")), "test.csv");

        ClassifierReport report = ClassifierRun.Execute(Options("run", epochs: 2) with { TestFile = _folder.File("test.csv") }).Trained!.Report!;

        Assert.Equal(31, report.Split.Test.Rows);
        Assert.Equal(120, report.Split.Train.Rows + report.Split.Validation!.Rows);
        Assert.Equal([_folder.File("test.csv")], report.Data.TestFiles!);
        Assert.Equal(report.Metrics.Test.ToString(), ClassifierRun.Resume(_folder.File("run")).Trained!.Report!.Metrics.Test.ToString());
        _folder.Write(TestTexts.Csv(TestTexts.Separable(32, "a", "b")), "test.csv");
        Assert.Contains("have changed", Assert.Throws<DataException>(() => ClassifierRun.Resume(_folder.File("run"))).Message, StringComparison.Ordinal);
    }

    private ClassifierRunOptions Options(string output, int epochs)
    {
        if (!File.Exists(_folder.File("data.csv")))
        {
            _folder.Write(TestTexts.Csv(TestTexts.Separable(120, "a", "b")));
        }
        return new ClassifierRunOptions
        {
            Files = [_folder.File("data.csv")],
            Text = "text",
            Label = "label",
            Output = _folder.File(output),
            Training = TestTexts.Quick with { Epochs = epochs, BatchSize = 16, Dropout = 0.2, EmbeddingDropout = 0.1, WeightDropout = 0.1, TimeLimit = TimeSpan.FromHours(1) },
        };
    }

    private string WeightsSha256(string run) => ModelFile.Read(_folder.File(run + "/model.safetensors")).WeightsSha256;

    private string[] Lines(string run, string name) => File.ReadAllLines(_folder.File(run + "/" + name));
}
