using System.Text.Json;
using Engram.Files;

namespace Engram.Tasks.Tests.Tagging;

public sealed class TaggingRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_leaves_all_its_files_and_the_documented_report()
    {
        RunResult<SequenceTagger> result = TaggingRun.Execute(Options("run"));

        Assert.False(result.IsInterrupted);
        string[] files = [".engram-lock", "checkpoint.safetensors", "events.jsonl", "history.csv", "model.safetensors", "options.json", "predictions.csv", "report.json"];
        Assert.Equal(files, Directory.GetFiles(result.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        string[] predictions = File.ReadAllLines(_folder.File("run/predictions.csv"));
        Assert.Equal("sentence,token,text,label,predicted", predictions[0]);
        Assert.All(predictions.Skip(1), line => Assert.Equal(5, line.Split(',').Length));
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(_folder.File("run/report.json")));
        JsonElement root = document.RootElement;
        Assert.Equal("task engram seed data split model training scheme metrics baselines verdict", Names(root));
        Assert.Equal("tag", root.GetProperty("task").GetString());
        Assert.Equal("bio", root.GetProperty("scheme").GetString());
        Assert.Equal("test validation", Names(root.GetProperty("metrics")));
        Assert.Equal("precision recall f1 accuracy tokens chunks byType", Names(root.GetProperty("metrics").GetProperty("test")));
        Assert.Equal("majority", Names(root.GetProperty("baselines")));

        static string Names(JsonElement element) => string.Join(' ', element.EnumerateObject().Select(property => property.Name));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    public void An_interrupted_run_goes_on_to_the_same_weights(int batches)
    {
        TaggingRun.Execute(Options("whole"));
        using CancellationTokenSource interruption = new();
        RunResult<SequenceTagger> cut = TaggingRun.Execute(Options("cut"), progress: new CancelAfter(batches, interruption), cancellation: interruption.Token);
        Assert.True(cut.IsInterrupted);

        RunResult<SequenceTagger> resumed = TaggingRun.Resume(_folder.File("cut"));

        Assert.False(resumed.IsInterrupted);
        Assert.Equal(Weights("whole"), Weights("cut"));
        Assert.Equal(File.ReadAllText(_folder.File("whole/predictions.csv")), File.ReadAllText(_folder.File("cut/predictions.csv")));
    }

    [Fact]
    public void A_test_file_is_scored_on_and_other_options_do_not_go_on()
    {
        string test = _folder.Write("Tom Xx B-PER\n, . O\nsmiled x O\n", "test.txt");
        RunResult<SequenceTagger> result = TaggingRun.Execute(Options("run") with { TestFile = test });
        Assert.Equal(1, result.Trained!.Report!.Split.Test.Rows);
        Assert.NotNull(result.Trained.Report.Data.TestSha256);
        Assert.StartsWith("1,2,\",\",O,", File.ReadAllLines(_folder.File("run/predictions.csv"))[2], StringComparison.Ordinal);
        Assert.Throws<InvalidOptionException>(() => TaggingRun.Execute(Options("run") with { TestFile = test, Resume = true, Label = 1 }));
        Assert.Throws<InvalidOptionException>(() => TaggingRun.Execute(Options("run")));
    }

    [Fact]
    public void Sentences_to_score_on_that_were_trained_on_are_counted()
    {
        TaggingRunOptions options = Options("run");
        string first = File.ReadAllText(options.Files[0]).Split("\n\n")[0];
        string test = _folder.Write($"{first}\n\nNobody Xx B-PER\nfrets x O\n", "test.txt");

        TaggingReport report = TaggingRun.Execute(options with { TestFile = test }).Trained!.Report!;

        Assert.Equal((2, 1), (report.Split.Test.Rows, report.Split.TestSeen));
        Assert.Contains("1 of the 2 test sentences (50.0%) stands word for word in the training or validation part too, so the scores are too good.", report.Data.Notes);
    }

    private TaggingRunOptions Options(string name) => new()
    {
        Files = [Path.Combine(Repository.Root, "samples", "data", "names.txt")],
        Features = [1],
        Output = _folder.File(name),
        Training = new TaggingOptions { Units = [6], Embedding = 6, CharacterUnits = 3, Epochs = 3, Crf = true, Average = 0.9, Scheme = TagScheme.Bioes },
    };

    private string Weights(string name) => ModelFile.ReadAny(_folder.File(name + "/model.safetensors")).WeightsSha256;

    private sealed class CancelAfter(int batches, CancellationTokenSource interruption) : IProgress<TaskProgress>
    {
        private int _batches;

        public void Report(TaskProgress value)
        {
            if (value.Fit is not null && ++_batches == batches)
            {
                interruption.Cancel();
            }
        }
    }
}
