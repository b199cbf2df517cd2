using System.Globalization;
using System.Text.Json;
using Engram.Files;
using Engram.Tasks.Tests.Classification;
using Engram.Tasks.Tests.Forecasting;
using Engram.Training;

namespace Engram.Tasks.Tests.TrainingRuns;

/// <summary>The weights of the best epoch are what a run leaves, however it ends.</summary>
/// <typeparam name="TOptions">The options of the task's runs.</typeparam>
/// <typeparam name="TTrained">What it trains.</typeparam>
public abstract class BestWeightsTests<TOptions, TTrained> : IDisposable
    where TOptions : RunOptions
    where TTrained : TaskModel
{
    private protected abstract IRunTask<TOptions, TTrained> Task { get; }

    private protected TemporaryFolder Folder { get; } = new();

    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("finished")]
    [InlineData("patience")]
    [InlineData("time")]
    [InlineData("interrupt")]
    [InlineData("divergence")]
    public void The_best_weights_are_kept_however_training_ends(string end)
    {
        TOptions options = Options(end == "patience" ? 300 : 7, end == "patience" ? 1 : 0, end == "time" ? TimeSpan.FromMinutes(1) : null) with { Output = Folder.File("run") };
        using CancellationTokenSource interruption = new();
        Watch watch = new(inFifthEpoch: clock => (end == "interrupt" ? interruption.Cancel : (Action)(() => clock.Minutes = 2))());
        TaskEnvironment environment = new(null, watch, watch, interruption.Token);
        if (end == "divergence")
        {
            TrainingDivergedException error = Assert.Throws<TrainingDivergedException>(() => TaskRun.Execute(new SpoilingTask<TOptions, TTrained>(Task), options, environment));
            Assert.Equal((5, 1), (error.Epoch, error.Batch));
            Assert.Contains(Folder.File("run/checkpoint.safetensors"), error.Message, StringComparison.Ordinal);
        }
        else
        {
            RunResult<TTrained> result = TaskRun.Execute(Task, options, environment);
            string? stopped = result.IsInterrupted ? "interrupted" : result.Trained.Report!.Training.Stopped;
            Assert.Equal(end switch { "finished" => "epochs", "time" => "time limit", "interrupt" => "interrupted", _ => end }, stopped);
        }

        int best = BestEpoch(), reached = File.ReadAllLines(Folder.File("run/history.csv")).Length - 1;
        Assert.True(end switch { "finished" => reached == 7, "patience" => reached == best + 1, _ => reached == 4 }, $"{reached} epochs");
        SafeTensorsFile checkpoint = Read("run/checkpoint.safetensors"), model = Read("run/model.safetensors");
        Assert.Equal(best.ToString(CultureInfo.InvariantCulture), checkpoint.Metadata["earlyStopping.bestEpoch"]);
        Assert.All(model.Tensors.Values, tensor => Assert.Equal(checkpoint.Tensors["best." + tensor.Name].Bytes.ToArray(), tensor.Bytes.ToArray()));

        // A run of so many epochs ends with the weights of its last, which is its best.
        TaskRun.Execute(Task, Options(best, 0, null) with { Output = Folder.File("again") }, new TaskEnvironment(null, null, null, default));
        Assert.Equal(Read("again/model.safetensors").WeightsSha256, model.WeightsSha256);
    }

    /// <summary>Options of a run with data of its own, whose best epoch is not its last.</summary>
    private protected abstract TOptions Options(int epochs, int patience, TimeSpan? limit);

    private SafeTensorsFile Read(string name) => SafeTensorsFile.Read(Folder.File(name));

    private int BestEpoch() => File.ReadAllLines(Folder.File("run/events.jsonl")).Select(line => JsonDocument.Parse(line).RootElement)
        .Last(epoch => epoch.GetProperty("best").GetBoolean()).GetProperty("epoch").GetInt32();

    /// <summary>Does something when the fifth epoch has begun, and tells a time that only that changes.</summary>
    private sealed class Watch(Action<Watch> inFifthEpoch) : TimeProvider, IProgress<TaskProgress>
    {
        public int Minutes { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => 60 * Minutes;

        public void Report(TaskProgress value)
        {
            if (value.Fit is { Epoch: 5, Batch: 1 })
            {
                inFifthEpoch(this);
            }
        }
    }
}

public sealed class ForecastBestWeightsTests : BestWeightsTests<ForecastRunOptions, Forecaster>
{
    private protected override IRunTask<ForecastRunOptions, Forecaster> Task { get; } = new ForecastRun.ForecastTask();

    private protected override ForecastRunOptions Options(int epochs, int patience, TimeSpan? limit)
    {
        TestTables.WriteCsv(Folder.File("data.csv"), TestTables.Sine(200));
        return new()
        {
            Files = [Folder.File("data.csv")],
            Target = "y",
            Training = TestTables.Quick with { LearningRate = 0.1, Dropout = 0.5, Epochs = epochs, Patience = patience, TimeLimit = limit },
        };
    }
}

public sealed class ClassifierBestWeightsTests : BestWeightsTests<ClassifierRunOptions, TextClassifier>
{
    private protected override IRunTask<ClassifierRunOptions, TextClassifier> Task { get; } = new ClassifierRun.ClassifierTask();

    private protected override ClassifierRunOptions Options(int epochs, int patience, TimeSpan? limit) => new()
    {
        Files = [Folder.Write(TestTexts.Csv(TestTexts.Separable(240, "a", "b", "c")))],
        Text = "text",
        Label = "label",
        Training = TestTexts.Quick with { LearningRate = 0.3, Dropout = 0.5, Epochs = epochs, Patience = patience, TimeLimit = limit },
    };
}

public sealed class LanguageModelBestWeightsTests : BestWeightsTests<LanguageModelRunOptions, LanguageModel>
{
    private protected override IRunTask<LanguageModelRunOptions, LanguageModel> Task { get; } = new LanguageModelRun.LanguageModelTask();

    private protected override LanguageModelRunOptions Options(int epochs, int patience, TimeSpan? limit) => new()
    {
        Files = [Folder.Write(string.Concat(Enumerable.Repeat("the cat sat.\nthe dog ran.\n", 60)), "text.txt")],
        Training = new LanguageModelOptions { Units = [6], Embedding = 4, Steps = 5, BatchSize = 8, LearningRate = 0.2, Dropout = 0.5, Epochs = epochs, Patience = patience, TimeLimit = limit },
    };
}

public sealed class TaggingBestWeightsTests : BestWeightsTests<TaggingRunOptions, SequenceTagger>
{
    private protected override IRunTask<TaggingRunOptions, SequenceTagger> Task { get; } = new TaggingRun.TaggingTask();

    private protected override TaggingRunOptions Options(int epochs, int patience, TimeSpan? limit) => new()
    {
        Files = [Path.Combine(Repository.Root, "samples", "data", "names.txt")],
        Training = new TaggingOptions { Units = [6], Embedding = 6, CharacterUnits = 3, LearningRate = 0.1, Epochs = epochs, Patience = patience, TimeLimit = limit },
    };
}
