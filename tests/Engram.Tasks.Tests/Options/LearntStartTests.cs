using Engram.Data;
using Engram.Files;
using Engram.Tasks.Tests.Classification;
using Engram.Tasks.Tests.TrainingRuns;

namespace Engram.Tasks.Tests.Options;

/// <summary>Word vectors and frozen layers in every task that reads words.</summary>
public sealed class LearntStartTests : IDisposable
{
    private const int Size = 4;
    private const string Names = "samples/data/names.txt";

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Tasks => ["classify", "language-model", "tag"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Words_that_the_file_has_begin_with_its_vectors_and_stay_frozen(string task)
    {
        string file = Vectors(task);
        TaskModel model = Train(task, file, TextTrainingOptions.ForEver, epochs: 2), without = Train(task, null, 0, epochs: 1);
        (string[] words, float[] rows, float[] random) = (Words(model), Rows(model), Initial(model));

        Assert.Equal(Words(without), words);
        Assert.Equal(2, words.Count(word => VectorOf(task, word) is not null));
        for (int id = 0; id < words.Length; id++)
        {
            // Others keep what the network begins with.
            Assert.Equal(VectorOf(task, words[id]) ?? random[(id * Size)..((id + 1) * Size)], rows[(id * Size)..((id + 1) * Size)]);
        }
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Vectors_are_told_of(string task)
    {
        string file = Vectors(task);
        TaskReport report = Train(task, file, 0, epochs: 1).Report!;
        ReportWordVectors told = report.Model.WordVectors!;

        Assert.Equal((file, Size, 2), (told.File, told.Size, told.Found));
        Assert.InRange(told.TokenShare, 0.001, 0.999);
        Assert.Contains(report.Data.Notes, note => note.StartsWith($"{file} has vectors of 4 numbers for 2 of the {told.Words} words", StringComparison.Ordinal));
        Assert.Contains("\"wordVectors\": {", report.ToJson(), StringComparison.Ordinal);
        Assert.DoesNotContain("wordVectors", Train(task, null, 0, epochs: 1).Report!.ToJson(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Frozen_vectors_thaw_after_their_epochs(string task)
    {
        string file = Vectors(task);
        float[] begun = Rows(Train(task, file, TextTrainingOptions.ForEver, epochs: 1));

        Assert.Equal(begun, Rows(Train(task, file, 2, epochs: 2)));
        Assert.NotEqual(begun, Rows(Train(task, file, 1, epochs: 4)));
        Assert.NotEqual(begun, Rows(Train(task, file, 0, epochs: 1)));
    }

    [Theory]
    [InlineData("classify", 1)]
    [InlineData("classify", 13)]
    [InlineData("language-model", 5)]
    [InlineData("language-model", 60)]
    [InlineData("tag", 3)]
    [InlineData("tag", 15)]
    public void An_interrupted_run_goes_on_to_the_same_weights_frozen_or_thawed(string task, int batches)
    {
        string file = Vectors(task);
        Run(task, file, "whole", 1);
        using CancellationTokenSource interruption = new();
        Assert.True(Run(task, file, "cut", 1, progress: new CancelAfter(batches, interruption), cancellation: interruption.Token));

        Resume(task, "cut");

        Assert.Equal(Weights("whole"), Weights("cut"));
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void A_run_does_not_go_on_with_other_vectors(string task)
    {
        string file = Vectors(task);
        Run(task, file, "run", 1);
        Assert.Equal("--resume", Assert.Throws<InvalidOptionException>(() => Run(task, null, "run", 0, resume: true)).Option);
        Assert.Equal("--resume", Assert.Throws<InvalidOptionException>(() => Run(task, file, "run", 2, resume: true)).Option);
        File.Move(file, file + ".moved");
        Run(task, file + ".moved", "run", 1, resume: true);

        File.AppendAllText(file + ".moved", "more 1 1 1 1\n");
        DataException error = Assert.Throws<DataException>(() => Run(task, file + ".moved", "run", 1, resume: true));

        Assert.Contains($"The word vectors in {file}.moved: the bytes have changed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_goes_on_with_the_language_model_alone_that_it_began_with()
    {
        LanguageModel.Train(Corpus(), Model(1)).Save(_folder.File("learnt.safetensors"));
        _folder.Write(TestTexts.Csv(TestTexts.Separable(120, "a", "b")));
        ClassifierRunOptions options = new()
        {
            Files = [_folder.File("data.csv")], Text = "text", Label = "label", Output = _folder.File("run"), Training = Classifier(1) with { From = _folder.File("learnt.safetensors") },
        };
        ClassifierReport report = ClassifierRun.Execute(options).Trained!.Report!;
        ClassifierRun.Resume(_folder.File("run"));

        LanguageModel.Train(Corpus(), Model(1) with { Seed = 1 }).Save(_folder.File("learnt.safetensors"));

        Assert.Contains(report.Data.Notes, note => note.EndsWith("brings its own tokens, embedding and recurrent layers: options of tokens, --units had no effect.", StringComparison.Ordinal));
        Assert.Contains(
            "The language model in " + _folder.File("learnt.safetensors") + ": the bytes have changed",
            Assert.Throws<DataException>(() => ClassifierRun.Resume(_folder.File("run"))).Message, StringComparison.Ordinal);
        Assert.Equal("--label", Assert.Throws<InvalidOptionException>(() => ClassifierRun.Execute(options with { Label = "TEXT", Output = _folder.File("other") })).Option);
        Assert.False(Directory.Exists(_folder.File("other")));
    }

    [Fact]
    public void Tied_weights_take_vectors_of_their_size_alone()
    {
        string file = Vectors("language-model");
        LanguageModelOptions tied = new() { Text = new TextOptions { LowerCase = true }, Units = [4], TieWeights = true, WordVectors = file, Freeze = TextTrainingOptions.ForEver, Steps = 5, BatchSize = 4, Epochs = 8, LearningRate = 0.02, Patience = 0 };

        LanguageModel model = LanguageModel.Train(Corpus(), tied);

        Assert.Equal(VectorOf("language-model", "cat"), Row(model, "cat"));
        Assert.True(model.History!.Epochs[^1].Loss < 0.8 * model.History.Epochs[0].Loss);
        Assert.Equal(Size, model.Model.Layers.OfType<Embedding>().Single().Size);
        InvalidOptionException error = Assert.Throws<InvalidOptionException>(() => LanguageModel.Train(Corpus(), tied with { Units = [5] }));
        Assert.Equal("--tie-weights", error.Option);
        Assert.Contains("must be 4", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void An_embedding_of_another_size_is_refused(string task)
    {
        InvalidOptionException error = Assert.Throws<InvalidOptionException>(() => Train(task, Vectors(task), 0, epochs: 1, embedding: 7));

        Assert.Equal("--embedding", error.Option);
        Assert.Contains("have 4 numbers", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Freezing_needs_something_learnt(string task) =>
        Assert.Equal("--freeze", Assert.Throws<InvalidOptionException>(() => Train(task, null, 1, epochs: 1)).Option);

    [Theory]
    [MemberData(nameof(Tasks))]
    public void Learnt_layers_have_a_learning_rate_of_their_own(string task)
    {
        string file = Vectors(task);
        float[] begun = Rows(Train(task, file, TextTrainingOptions.ForEver, epochs: 1));

        Assert.Equal(begun, Rows(Train(task, file, 0, epochs: 1, learntRate: 1e-12)));
        Assert.Equal("--learnt-rate", Assert.Throws<InvalidOptionException>(() => Train(task, file, 0, epochs: 1, learntRate: 0)).Option);
        Assert.Equal("--learnt-rate", Assert.Throws<InvalidOptionException>(() => Train(task, null, 0, epochs: 1, learntRate: 0.5)).Option);
    }

    [Fact]
    public void The_earlier_a_learnt_layer_the_smaller_its_rate()
    {
        Sequential network = new([new Embedding(5, 2), new Lstm(2) { ReturnSequences = true }, new Lstm(2), new Dense(1)]);
        network.Build(new Shape(3));

        IReadOnlyList<ParameterGroup> groups = LearntStart.Rates(new ClassifierOptions { From = "model", LearntRate = 0.5 }, network.Layers.Take(3));

        Assert.Equal(
            [0.125, 0.25, 0.5, 0],
            network.Layers.Select(layer => groups.SingleOrDefault(group => layer.Parameters.All(group.Contains))?.LearningRateFactor ?? 0));
    }

    [Fact]
    public void Characters_and_pieces_of_words_have_no_word_vectors()
    {
        Assert.Contains("characters", Assert.Throws<InvalidOptionException>(new LanguageModelOptions { WordVectors = "v.vec" }.Validate).Message, StringComparison.Ordinal);
        ClassifierOptions pieces = new() { WordVectors = "v.vec", Text = new TextOptions { Tokenizer = TokenizerKind.Bpe, Vocabulary = 300 } };
        Assert.Contains("pieces of words", Assert.Throws<InvalidOptionException>(pieces.Validate).Message, StringComparison.Ordinal);
        Assert.Contains("--from", Assert.Throws<InvalidOptionException>(new ClassifierOptions { WordVectors = "v.vec", From = "model" }.Validate).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("classify", "forecast")]
    [InlineData("tag", "classify")]
    [InlineData("language-model", "tag")]
    public void A_run_of_another_task_is_told_by_both_names(string found, string expected)
    {
        Run(found, null, "run", 0);

        string message = Assert.Throws<ModelFileException>(() => Resume(expected, "run")).Message;

        Assert.Contains($"is of a run of the task {found}, not {expected}", message, StringComparison.Ordinal);
        Assert.Contains("engram resume", message, StringComparison.Ordinal);
    }

    private static TaskModel Train(string task, string? vectors, int freeze, int epochs, int? embedding = null, double learntRate = 1)
    {
        embedding ??= vectors is null ? Size : null;
        return task switch
        {
            "classify" => TextClassifier.Train(TestTexts.Separable(120, "a", "b"), Classifier(epochs) with { WordVectors = vectors, Freeze = freeze, LearntRate = learntRate, Embedding = embedding }),
            "tag" => SequenceTagger.Train(SequenceTagger.Read(Path.Combine(Repository.Root, Names)), Tagger(epochs) with { WordVectors = vectors, Freeze = freeze, LearntRate = learntRate, Embedding = embedding }),
            _ => LanguageModel.Train(Corpus(), Model(epochs) with { WordVectors = vectors, Freeze = freeze, LearntRate = learntRate, Embedding = embedding }),
        };
    }

    /// <returns>Whether it was interrupted.</returns>
    private bool Run(string task, string? vectors, string output, int freeze, bool resume = false, IProgress<TaskProgress>? progress = null, CancellationToken cancellation = default)
    {
        int? embedding = vectors is null ? Size : null;
        switch (task)
        {
            case "classify":
                _folder.Write(TestTexts.Csv(TestTexts.Separable(120, "a", "b")));
                return ClassifierRun.Execute(
                    new ClassifierRunOptions
                    {
                        Files = [_folder.File("data.csv")], Text = "text", Label = "label", Output = _folder.File(output), Resume = resume,
                        Training = Classifier(4) with { WordVectors = vectors, Freeze = freeze, Embedding = embedding, Dropout = 0.2 },
                    },
                    progress: progress, cancellation: cancellation).IsInterrupted;
            case "tag":
                return TaggingRun.Execute(
                    new TaggingRunOptions
                    {
                        Files = [Path.Combine(Repository.Root, Names)], Output = _folder.File(output), Resume = resume,
                        Training = Tagger(4) with { WordVectors = vectors, Freeze = freeze, Embedding = embedding },
                    },
                    progress: progress, cancellation: cancellation).IsInterrupted;
            default:
                _folder.Write(string.Concat(Corpus().Lines), "text.txt");
                return LanguageModelRun.Execute(
                    new LanguageModelRunOptions
                    {
                        Files = [_folder.File("text.txt")], Output = _folder.File(output), Resume = resume,
                        Training = Model(4) with { WordVectors = vectors, Freeze = freeze, Embedding = embedding, Dropout = 0.2 },
                    },
                    progress: progress, cancellation: cancellation).IsInterrupted;
        }
    }

    private void Resume(string task, string output)
    {
        string folder = _folder.File(output);
        bool isInterrupted = task switch
        {
            "classify" => ClassifierRun.Resume(folder).IsInterrupted,
            "tag" => TaggingRun.Resume(folder).IsInterrupted,
            "forecast" => ForecastRun.Resume(folder).IsInterrupted,
            _ => LanguageModelRun.Resume(folder).IsInterrupted,
        };
        Assert.False(isInterrupted);
    }

    private static ClassifierOptions Classifier(int epochs) => TestTexts.Quick with { Epochs = epochs, BatchSize = 16, Patience = 0 };

    private static TaggingOptions Tagger(int epochs) => new() { Units = [5], CharacterUnits = 3, Epochs = epochs, BatchSize = 16, LearningRate = 0.02, Patience = 0 };

    private static LanguageModelOptions Model(int epochs) => new()
    {
        Text = new TextOptions { LowerCase = true }, Units = [6], Steps = 5, BatchSize = 4, Epochs = epochs, LearningRate = 0.02, Patience = 0,
    };

    private static TextCorpus Corpus() => TextCorpus.Of(string.Concat(Enumerable.Repeat("the Cat sat.\nthe dog ran.\n", 60)));

    /// <summary>A file with the words that <see cref="VectorOf"/> knows, one of them with capitals, and others.</summary>
    private string Vectors(string task)
    {
        (string first, string second) = Own(task);
        return _folder.Write($"nowhere 9 9 9 9\n{char.ToUpperInvariant(first[0])}{first[1..]} 0.25 -0.5 1 2\n{second.ToUpperInvariant()} 5 5 5 5\n{second} -1 0.5 0.125 3e-1\n", task + ".vec");
    }

    private static float[]? VectorOf(string task, string word)
    {
        (string first, string second) = Own(task);
        return word == first ? [0.25f, -0.5f, 1, 2] : word == second ? [-1, 0.5f, 0.125f, 0.3f] : null;
    }

    private static (string First, string Second) Own(string task) => task switch { "classify" => ("good", "film"), "tag" => ("oslo", "in"), _ => ("cat", "the") };

    /// <summary>The vectors that a network of the same sizes begins with.</summary>
    private static float[] Initial(TaskModel model)
    {
        Model network = model switch
        {
            TextClassifier classifier => ClassifierNetwork.Make(classifier.Options, classifier.Encoder.Vocabulary.Count, 2, Device.Default),
            LanguageModel language => LanguageModelNetwork.Make(language.Options, language.Encoder.Vocabulary.Count, Device.Default),
            _ => TaggerNetwork.Make(Plan((TaggingOptions)model.Options).Vocabulary, (TaggingOptions)model.Options, Device.Default),
        };
        network.Build(new Shape(8), model.Options.Seed);
        return network.Layers.OfType<Embedding>().First().Parameters[0].ToArray();
    }

    private static TaggingPlan Plan(TaggingOptions options) => TaggingPlan.Make(
        SequenceTagger.Read(Path.Combine(Repository.Root, Names)), null, options with { WordVectors = null, Freeze = 0 }, new TaggingSources([], "", null, null, new TaggingColumns(0, -1, [])), default);

    private static string[] Words(TaskModel model) => model switch
    {
        TextClassifier classifier => [.. classifier.Encoder.Vocabulary.Tokens],
        LanguageModel language => [.. language.Encoder.Vocabulary.Tokens],
        _ => [.. ((SequenceTagger)model).Words],
    };

    private static float[] Rows(TaskModel model) => model.Model.Layers.OfType<Embedding>().First().Parameters[0].ToArray();

    private static float[] Row(TaskModel model, string word)
    {
        int id = Array.IndexOf(Words(model), word);
        return Rows(model)[(id * Size)..((id + 1) * Size)];
    }

    private string Weights(string run) => ModelFile.ReadAny(_folder.File(run + "/model.safetensors")).WeightsSha256;
}
