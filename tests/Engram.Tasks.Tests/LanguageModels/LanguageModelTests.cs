using System.Text.Json;
using Engram.Data;
using Engram.Files;

namespace Engram.Tasks.Tests.LanguageModels;

public sealed class LanguageModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<TokenizerKind, int?> Tokenizers => new()
    {
        { TokenizerKind.Characters, null }, { TokenizerKind.Words, null }, { TokenizerKind.Whitespace, null }, { TokenizerKind.Bpe, 280 },
    };

    [Fact]
    public void A_text_that_repeats_is_learnt_and_written()
    {
        LanguageModel model = LanguageModel.Train(Corpus(), Options() with { Epochs = 30 });

        Assert.True(model.Report!.Metrics.Validation!.Loss < 0.2, $"{model.Report.Metrics.Validation.Loss} nats");
        Assert.StartsWith("better than the baseline (unigram)", model.Report.Verdict, StringComparison.Ordinal);
        Assert.Equal("cadabra\nabra", model.Generate("abracadabra\nabra", new GenerationOptions { Length = 12, Temperature = 0 }));
    }

    [Theory]
    [MemberData(nameof(Tokenizers))]
    public void What_is_written_piece_by_piece_is_the_text_of_its_tokens(TokenizerKind tokenizer, int? vocabulary)
    {
        TextOptions text = new() { Tokenizer = tokenizer, Vocabulary = vocabulary };
        LanguageModel model = LanguageModel.Train(Prose(), Options() with { Text = text, Epochs = 1, BatchSize = 2, Steps = 4 });
        GenerationOptions options = new() { Length = 300, Seed = 3 };

        string[] pieces = [.. model.GenerateStream("", options)];

        Assert.True(pieces.Length > 1);
        Assert.Equal(model.Generate("", options), string.Concat(pieces));
        Assert.Equal(model.Generate("", options), LanguageModel.Load(Save(model)).Generate("", options));
        Assert.NotEqual(model.Generate("", options), model.Generate("", options with { Seed = 4 }));
    }

    [Theory]
    [MemberData(nameof(Tokenizers))]
    public void Lines_beyond_the_memory_limit_train_the_same_model(TokenizerKind tokenizer, int? vocabulary)
    {
        LanguageModelOptions options = Options() with { Text = new TextOptions { Tokenizer = tokenizer, Vocabulary = vocabulary }, Epochs = 1, BatchSize = 2, Steps = 4, Test = 0.13, Validation = 0.11 };
        string file = _folder.Write(string.Concat(Prose().Lines), "prose.txt");

        LanguageModel inMemory = LanguageModel.Train(TextCorpus.Read([file]), options), inFile = LanguageModel.Train(TextCorpus.Read([file], memoryLimit: 500), options);

        Assert.Equal((inMemory.Report!.Data.Sha256, inMemory.Report.Split, inMemory.Report.Metrics, inMemory.Report.Baselines),
            (inFile.Report!.Data.Sha256, inFile.Report.Split, inFile.Report.Metrics, inFile.Report.Baselines));
        Assert.Equal(ModelFile.ReadAny(Save(inMemory)).WeightsSha256, ModelFile.ReadAny(Save(inFile)).WeightsSha256);
    }

    [Fact]
    public void A_test_text_that_was_trained_on_is_told()
    {
        string prose = string.Concat(Prose().Lines), same = _folder.Write(prose + "ACT I\n", "prose.txt"), half = _folder.Write($"{Prose().Lines[0]}\nNobody ever wrote this line.\nACT I\n", "half.txt");
        LanguageModelOptions options = Options() with { Epochs = 1, BatchSize = 2, Steps = 4 };

        Assert.Contains("The test text is the text to train on, so the scores are too good.", Notes(same));
        Assert.Contains("1 of the 2 test lines of 20 characters or more (50.0%) stands word for word in the training or validation part too, so the scores are too good.", Notes(half));
        Assert.DoesNotContain(Notes(_folder.Write($"Nobody ever wrote this line.\nACT I\nACT I\n", "new.txt")), note => note.Contains("too good", StringComparison.Ordinal));

        IReadOnlyList<string> Notes(string test) => LanguageModel.Train(TextCorpus.Read([same]), options with { TestText = TextCorpus.Read([test]) }).Report!.Data.Notes;
    }

    [Theory]
    [InlineData(2, "better than the baseline (unigram) by 80.0% perplexity")]
    [InlineData(30, "worse than the baseline (unigram) by 200.0% perplexity")]
    [InlineData(21750, "worse than the baseline (unigram): 2,175 times its perplexity")]
    public void The_verdict_is_told_in_percent_or_times(double perplexity, string verdict) =>
        Assert.Equal(verdict, LanguageModelTrainer.Verdict(new LanguageModelMetrics(0, perplexity, 0), new LanguageModelBaselines(new LanguageModelMetrics(0, 10, 0))));

    [Fact]
    public void Words_keep_their_blanks_and_lines()
    {
        LanguageModel model = LanguageModel.Train(
            TextCorpus.Of(string.Concat(Enumerable.Repeat("the cat sat.\nthe dog ran.\n", 60))), Options() with { Text = new TextOptions(), Epochs = 30, BatchSize = 4, Steps = 8, LearningRate = 0.02 });

        string written = model.Generate("the cat", new GenerationOptions { Length = 7, Temperature = 0 });

        Assert.StartsWith(" sat.\nthe ", written, StringComparison.Ordinal);
    }

    [Fact]
    public void Scores_are_those_of_the_stream_of_single_steps()
    {
        LanguageModel model = LanguageModel.Train(Corpus(), Options() with { Epochs = 2 });
        string text = "abracadabra\nabrac";
        int[] tokens = model.Encoder.Encode(text);
        float[] logits = new float[model.Encoder.Vocabulary.Count];
        double loss = 0;
        // Two streams, as the text is read: each from a state of zeros.
        foreach (int[] pairs in (int[][])[[.. Enumerable.Range(0, 8)], [.. Enumerable.Range(8, 8)]])
        {
            ModelStream stream = ((Sequential)model.Model).Stream();
            foreach (int i in pairs)
            {
                stream.Step([tokens[i]], logits);
                loss -= Math.Log(Softmax(logits)[tokens[i + 1]]) / 16;
            }
        }

        LanguageModel two = new((Sequential)model.Model, model.Encoder, Document(model, model.Options with { BatchSize = 2, Steps = 3 }));
        LanguageModelMetrics metrics = two.Evaluate(TextCorpus.Of(text)).Metrics;

        Assert.Equal(loss, metrics.Loss, 1e-5);
        Assert.Equal(Math.Exp(metrics.Loss), metrics.Perplexity, 1e-9);
        Assert.Equal(metrics.Loss * 16 / Math.Log(2) / 17, metrics.BitsPerCharacter, 1e-9);
    }

    [Fact]
    public void The_gradient_is_that_of_the_sum_over_the_steps()
    {
        // With plain SGD the sum over s steps at a rate of r is the mean at r·s.
        LanguageModelOptions options = Options() with { Epochs = 2, Optimizer = OptimizerKind.Sgd, LearningRate = 0.01, ClipNorm = null, Validation = 0 };
        LanguageModelPlan plan = LanguageModelPlan.Make(Corpus(), options, new TaskEnvironment(null, null, null, default));
        Sequential mean = LanguageModelNetwork.Make(options, plan.Encoder.Vocabulary.Count, Device.Default);
        mean.Compile(new Sgd(0.01 * options.Steps), Loss.SparseCategoricalCrossEntropy());
        double[] expected = [.. mean.Fit(
            LanguageModel.Streams(plan.Training, options, wholeWindowsOnly: true),
            new Engram.Training.FitOptions { Epochs = 2, BatchSize = options.BatchSize, Shuffle = false, CarryState = true }).Epochs.Select(epoch => epoch.Loss)];

        double[] losses = [.. LanguageModel.Train(Corpus(), options).History!.Epochs.Select(epoch => epoch.Loss)];

        Assert.Equal(expected[0], losses[0], 1e-5);
        Assert.Equal(expected[1], losses[1], 1e-5);
        Assert.True(losses[1] < losses[0] - 1e-3, "Nothing was learnt, so that nothing was compared.");
    }

    [Fact]
    public void Unigram_smoothing_is_as_it_is_told()
    {
        LanguageModelText text = new(TokenSequence.Of(4, 5, 4), 3);

        LanguageModelMetrics metrics = text.Unigram([0, 0, 0, 0, 3, 1]);

        Assert.Equal(-(Math.Log(2 / 10.0) + Math.Log(4 / 10.0)) / 2, metrics.Loss, 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(21)]
    public void An_interrupted_run_goes_on_to_the_same_weights(int batches)
    {
        File.WriteAllLines(_folder.File("text.txt"), Corpus().Lines.Select(line => line.TrimEnd('\n')));
        LanguageModelRunOptions whole = new() { Files = [_folder.File("text.txt")], Output = _folder.File("whole"), Training = Options() with { Epochs = 4, Dropout = 0.2, EmbeddingDropout = 0.1, WeightDropout = 0.1 } };
        LanguageModelRun.Execute(whole);
        using CancellationTokenSource interruption = new();
        RunResult<LanguageModel> cut = LanguageModelRun.Execute(
            whole with { Output = _folder.File("cut") }, progress: new CancelAfter(batches, interruption), cancellation: interruption.Token);
        Assert.True(cut.IsInterrupted);

        LanguageModelRun.Resume(_folder.File("cut"));

        Assert.Equal(ModelFile.ReadAny(_folder.File("whole/model.safetensors")).WeightsSha256, ModelFile.ReadAny(_folder.File("cut/model.safetensors")).WeightsSha256);
        Assert.Equal(File.ReadAllText(_folder.File("whole/sample.txt")), File.ReadAllText(_folder.File("cut/sample.txt")));
    }

    [Fact]
    public void The_report_has_the_documented_shape()
    {
        LanguageModel model = LanguageModel.Train(Corpus(), Options() with { Test = 0.1 });

        using JsonDocument report = JsonDocument.Parse(model.Report!.ToJson());
        JsonElement root = report.RootElement;

        Assert.Equal("task engram seed data split model training metrics baselines verdict", string.Join(' ', root.EnumerateObject().Select(one => one.Name)));
        Assert.Equal("language-model", root.GetProperty("task").GetString());
        Assert.Equal("loss perplexity bitsPerCharacter", string.Join(' ', root.GetProperty("metrics").GetProperty("test").EnumerateObject().Select(one => one.Name)));
        Assert.True(root.GetProperty("baselines").GetProperty("unigram").GetProperty("loss").GetDouble() > 0);
    }

    [Fact]
    public void Results_do_not_depend_on_threads()
    {
        LanguageModelOptions options = Options() with { Epochs = 2 };

        Assert.Equal(
            LanguageModel.Train(Corpus(), options, Device.Cpu(1)).Report!.Metrics.Validation,
            LanguageModel.Train(Corpus(), options, Device.Cpu(3)).Report!.Metrics.Validation);
    }

    [Fact]
    public void A_text_that_is_too_short_is_refused_with_what_it_needs()
    {
        DataException error = Assert.Throws<DataException>(() => LanguageModel.Train(TextCorpus.Of("abc"), Options()));

        Assert.Contains("--batch-size or --steps", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_tokens_among_those_scored_are_told()
    {
        LanguageModelOptions words = Options() with { Text = new TextOptions(), BatchSize = 2, Steps = 4, Epochs = 1, ValidationText = TextCorpus.Of("a quick brown cow\n") };

        LanguageModel model = LanguageModel.Train(Prose(), words);

        // Four words, one of them unknown, and the end of the line.
        Assert.Contains(model.Report!.Data.Notes, note => note.StartsWith("20% of the tokens scored are <unk>", StringComparison.Ordinal));
        Assert.Contains(model.Evaluate(TextCorpus.Of("a cow")).Data.Notes, note => note.StartsWith("50% of the tokens scored are <unk>", StringComparison.Ordinal));
        Assert.Empty(model.Evaluate(TextCorpus.Of("a fox")).Data.Notes);
    }

    [Fact]
    public void A_part_that_is_too_short_to_score_is_refused_with_its_name()
    {
        string one = _folder.Write("a", "one.txt");

        DataException given = Assert.Throws<DataException>(() => LanguageModel.Train(Corpus(), Options() with { TestText = TextCorpus.Read([one]) }));
        DataException cut = Assert.Throws<DataException>(() => LanguageModel.Train(Corpus(), Options() with { Test = 0.001 }));

        Assert.Equal($"{one}: the part of --test has 1 token, too few to predict anything of. Use a larger share, or a longer file.", given.Message);
        Assert.StartsWith("The part of --test has 1 token", cut.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_of_a_stranger_may_be_too_many_for_a_whole_number() =>
        Assert.True(double.IsFinite(new LanguageModelText(TokenSequence.Of(4, 5), 2).Unigram([0, 0, long.MaxValue, long.MaxValue, 1, 1]).Loss));

    [Fact]
    public void A_damaged_description_is_the_files_fault()
    {
        LanguageModel model = LanguageModel.Train(Corpus(), Options() with { Epochs = 1 });
        string task = TaskJson.Write(Document(model, model.Options), TaskJson.Dense.LanguageModelDocument);
        foreach ((string from, string to) in ((string, string)[])
        [
            ("\"unigram\":[", "\"unigram\":[7,"), ("\"unigram\":[0", "\"unigram\":[-1"), ("\"steps\":5", "\"steps\":0"), ("\"<unk>\"", "\"<pad>\""), ("\"tokens\":[", "\"tokens\":[null,"),
            ("\"units\":[16]", "\"units\":null"), ("\"encoder\":{", "\"encoder\":null,\"x\":{"), ("\"cell\":\"lstm\"", "\"cell\":99"),
        ])
        {
            Assert.Contains(from, task, StringComparison.Ordinal);
            ModelFile.Write(_folder.File("damaged.safetensors"), (Sequential)model.Model, task.Replace(from, to, StringComparison.Ordinal));
            Assert.Throws<ModelFileException>(() => LanguageModel.Load(_folder.File("damaged.safetensors")));
        }
    }

    [Fact]
    public void A_classifier_begins_with_its_layers()
    {
        LanguageModel model = LanguageModel.Train(Prose(), Options() with { Text = new TextOptions { LowerCase = true }, Epochs = 1, BatchSize = 2, Steps = 4 });
        string path = Save(model);
        string[] texts = [.. Enumerable.Range(0, 60).Select(i => i % 2 == 0 ? $"a quick fox {i}" : $"the lazy dog {i}")];
        LabelledTexts labelled = new(texts, [.. texts.Select((_, i) => i % 2 == 0 ? "fox" : "dog")]);
        ClassifierOptions options = new() { From = path, Length = 6, Epochs = 1, Freeze = 5, Pooling = TextPooling.Mean };

        TextClassifier classifier = TextClassifier.Train(labelled, options);

        // Only the output layer has thawed, so that the others still are the language model's.
        Assert.Equal(model.Model.Layers[0].Parameters[0].ToArray(), classifier.Model.Layers[0].Parameters[0].ToArray());
        Assert.Equal(((RecurrentLayer)model.Model.Layers[1]).Kernel.ToArray(), classifier.Model.Layers.OfType<RecurrentLayer>().Single().Kernel.ToArray());
        Assert.Equal(model.Encoder.Encode("the quick dog"), classifier.Encoder.Encode("the quick dog"));
        TextClassifier thawed = TextClassifier.Train(labelled, options with { Freeze = 0 });
        Assert.NotEqual(model.Model.Layers[0].Parameters[0].ToArray(), thawed.Model.Layers[0].Parameters[0].ToArray());
    }

    private static LanguageModelDocument Document(LanguageModel model, LanguageModelOptions options) => new()
    {
        Encoder = model.Encoder.ToDocument(),
        Unigram = new long[model.Encoder.Vocabulary.Count],
        Options = options,
        Files = [],
        Sha256 = "",
    };

    private static double[] Softmax(float[] logits)
    {
        double[] powers = [.. logits.Select(logit => Math.Exp(logit))];
        return [.. powers.Select(power => power / powers.Sum())];
    }

    private static LanguageModelOptions Options() => new() { Units = [16], Embedding = 8, Steps = 5, BatchSize = 4, Epochs = 3, LearningRate = 0.01, Patience = 0 };

    private static TextCorpus Corpus() => TextCorpus.Of(string.Concat(Enumerable.Repeat("abracadabra\n", 80)));

    private static TextCorpus Prose() => TextCorpus.Of(string.Concat(Enumerable.Range(0, 40).Select(i =>
        $"The quick brown fox, number {i % 7}, doesn't jump over a lazy dog; «why not?» it asks.\nÄpfel und Öl: 数据 😀 end.\n")));

    private string Save(LanguageModel model)
    {
        string path = _folder.File("model.safetensors");
        model.Save(path);
        return path;
    }

    private sealed class CancelAfter(int batches, CancellationTokenSource source) : IProgress<TaskProgress>
    {
        private int _seen;

        public void Report(TaskProgress value)
        {
            if (value.Fit is not null && ++_seen == batches)
            {
                source.Cancel();
            }
        }
    }
}
