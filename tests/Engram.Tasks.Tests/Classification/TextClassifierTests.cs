using Engram.Data;
using Engram.Files;

namespace Engram.Tasks.Tests.Classification;

public sealed class TextClassifierTests : IDisposable
{
    private static readonly string[] _names = ["good", "bad", "coloured"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Classes_that_words_tell_apart_are_learnt_beyond_the_majority(int classes)
    {
        TextClassifier classifier = TextClassifier.Train(
            TestTexts.Separable(300, [.. _names.Take(classes)]), TestTexts.Quick with { Epochs = 12 });

        ClassifierReport report = classifier.Report!;
        Assert.True(report.Metrics.Test.Accuracy > 0.95, $"{report.Metrics.Test}");
        Assert.True(report.Baselines.BagOfWords.Accuracy > 0.95 && report.Baselines.Majority.Accuracy < 0.6);
        Assert.Equal("bad", classifier.Predict("a really awful film").Label);
        Assert.Equal("good", classifier.Predict("GREAT film, and very FINE").Label);
        Assert.Equal(classes, classifier.Predict("it was").Probabilities.Count);
        Assert.Equal(1, classifier.Predict("it was").Probabilities.Sum(), 5);
    }

    [Theory]
    [InlineData(2, TextPooling.Last, false)]
    [InlineData(3, TextPooling.Mean, true)]
    [InlineData(2, TextPooling.Max, false)]
    [InlineData(3, TextPooling.MeanMax, true)]
    [InlineData(2, TextPooling.Attention, true)]
    public void Every_form_of_network_comes_back_from_its_file_with_the_same_answers(int classes, TextPooling pooling, bool bidirectional)
    {
        TextClassifier classifier = TextClassifier.Train(
            TestTexts.Separable(80, [.. _names.Take(classes)]),
            TestTexts.Quick with { Pooling = pooling, Bidirectional = bidirectional, Epochs = 1, Units = [4, 3], Dropout = 0.2, EmbeddingDropout = 0.1, WeightDropout = 0.3 });
        string[] texts = ["good", "a bad film and a long one, longer than the network reads by far", "", "words never seen"];

        classifier.Save(_folder.File("model.safetensors"));
        TextClassifier loaded = TextClassifier.Load(_folder.File("model.safetensors"));

        Assert.Equal(classifier.Predict(texts).SelectMany(one => one.Probabilities), loaded.Predict(texts).SelectMany(one => one.Probabilities));
        Assert.Equal(classifier.Classes, loaded.Classes);
        Assert.Equal((pooling, bidirectional, 0.3), (loaded.Options.Pooling, loaded.Options.Bidirectional, loaded.Options.WeightDropout));
        Assert.Equal(classifier.Report!.ToJson(), loaded.Report!.ToJson());
        LabelledTexts other = TestTexts.Separable(30, [.. classifier.Classes]);
        Assert.Equal(classifier.Evaluate(other).ToJson(), loaded.Evaluate(other).ToJson());
    }

    [Fact]
    public void Texts_beyond_the_memory_limit_train_the_same_classifier()
    {
        string file = _folder.Write(TestTexts.Csv(TestTexts.Separable(90, "a", "b", "c")));
        ClassifierOptions options = TestTexts.Quick with { Epochs = 2, WordDropout = 0.1 };

        TextClassifier inMemory = TextClassifier.Train(LabelledTexts.Read(file, "text", "label"), options);
        TextClassifier inFile = TextClassifier.Train(LabelledTexts.Read([file], "text", "label", memoryLimit: 500), options);

        Assert.Equal(inMemory.Training!.TestTexts, inFile.Training!.TestTexts);
        Assert.Equal(inMemory.Report!.Data.Sha256, inFile.Report!.Data.Sha256);
        Assert.Equal($"{inMemory.Report.Metrics}{inMemory.Report.Baselines}", $"{inFile.Report.Metrics}{inFile.Report.Baselines}");
        Assert.Equal(inMemory.Report.Mistakes, inFile.Report.Mistakes);
        Assert.Equal(Weights(inMemory), Weights(inFile));

        string Weights(TextClassifier classifier)
        {
            classifier.Save(_folder.File("model.safetensors"));
            return ModelFile.ReadAny(_folder.File("model.safetensors")).WeightsSha256;
        }
    }

    [Fact]
    public void Results_are_the_same_for_any_number_of_threads()
    {
        LabelledTexts texts = TestTexts.Separable(120, "a", "b", "c");
        ClassifierOptions options = TestTexts.Quick with { Pooling = TextPooling.MeanMax, Bidirectional = true, Dropout = 0.3, EmbeddingDropout = 0.2, WeightDropout = 0.2 };

        string one = Train(1), three = Train(3);

        Assert.Equal(one, three);

        string Train(int threads)
        {
            using Device device = Device.Cpu(threads);
            TextClassifier classifier = TextClassifier.Train(texts, options, device);
            classifier.Save(_folder.File($"{threads}.safetensors"));
            return ModelFile.ReadAny(_folder.File($"{threads}.safetensors")).WeightsSha256 + classifier.Report!.Metrics.ToString() + classifier.Report.Baselines;
        }
    }

    [Fact]
    public void The_vocabulary_comes_from_the_training_part_alone()
    {
        LabelledTexts texts = new([.. Enumerable.Range(0, 100).Select(i => $"word{i}")], [.. Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? "a" : "b")]);

        TextClassifier classifier = TextClassifier.Train(texts, TestTexts.Quick with { Epochs = 1, Text = new TextOptions { Vocabulary = 1000 } });

        Assert.Equal(classifier.Report!.Split.Train.Rows, classifier.Encoder.Vocabulary.Tokens.Count(token => token.StartsWith("word", StringComparison.Ordinal)));
    }

    [Fact]
    public void Balanced_classes_weigh_the_same()
    {
        // The texts tell nothing: what is learnt is how often each class is, or seems to be.
        LabelledTexts texts = new([.. Enumerable.Repeat("it was", 200)], [.. Enumerable.Range(0, 200).Select(i => i % 10 == 0 ? "rare" : "often")]);
        ClassifierOptions options = TestTexts.Quick with { Epochs = 60, LearningRate = 0.01, Patience = 0, Validation = 0 };

        double plain = TextClassifier.Train(texts, options).Predict("it was").Probabilities[1];
        double balanced = TextClassifier.Train(texts, options with { ClassWeights = ClassWeighting.Balanced }).Predict("it was").Probabilities[1];

        Assert.Equal(0.1, plain, 0.04);
        Assert.Equal(0.5, balanced, 0.08);
    }

    [Fact]
    public void Any_text_has_an_answer()
    {
        TextClassifier classifier = TextClassifier.Train(TestTexts.Separable(60, "a", "b"), TestTexts.Quick with { Epochs = 1 });

        string[] odd = ["", " ", "\0\u0001\u001b[31m", "مرحبا שלום \u202e", "😀👨‍👩‍👧", "\ud800", new string('x', 1_000_000)];

        Assert.All(classifier.Predict(odd), one => Assert.InRange(one.Probability, 0.5, 1));
        Assert.Equal(classifier.Predict(odd)[0].Probabilities, classifier.Predict("").Probabilities);
        Assert.Empty(classifier.Predict([]));
    }

    [Fact]
    public void The_part_that_is_read_is_the_one_asked_for()
    {
        TextClassifier head = Train(TextTruncation.Head), tail = Train(TextTruncation.Tail);
        string first = "good " + string.Concat(Enumerable.Repeat("the ", 20)), last = string.Concat(Enumerable.Repeat("the ", 20)) + "good";

        Assert.NotEqual(Of(head, first), Of(head, last.Replace("good", "bad", StringComparison.Ordinal)));
        Assert.Equal(Of(head, last), Of(head, last.Replace("good", "bad", StringComparison.Ordinal)));
        Assert.Equal(Of(tail, first), Of(tail, first.Replace("good", "bad", StringComparison.Ordinal)));

        static TextClassifier Train(TextTruncation truncation) =>
            TextClassifier.Train(TestTexts.Separable(60, "a", "b"), TestTexts.Quick with { Epochs = 1, Truncation = truncation });

        static double Of(TextClassifier classifier, string text) => classifier.Predict(text).Probabilities[0];
    }

    [Fact]
    public void Scoring_needs_labels_that_were_trained()
    {
        TextClassifier classifier = TextClassifier.Train(TestTexts.Separable(60, "a", "b"), TestTexts.Quick with { Epochs = 1 });

        Assert.Contains("no labels", Assert.Throws<DataException>(() => classifier.Evaluate(new LabelledTexts(["x"]))).Message, StringComparison.Ordinal);
        Assert.Contains("«c» was never seen", Assert.Throws<DataException>(() => classifier.Evaluate(new LabelledTexts(["x"], ["c"]))).Message, StringComparison.Ordinal);
        Assert.Null(classifier.Evaluate(new LabelledTexts(["x"], ["a"])).Metrics.Auc);
    }

    [Fact]
    public void Cancelled_training_says_so()
    {
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => TextClassifier.Train(TestTexts.Separable(60, "a", "b"), TestTexts.Quick, cancellation: cancelled.Token));
    }

    [Fact]
    public void Texts_without_a_token_cannot_be_learnt_from() => Assert.Contains(
        "nothing to learn", Assert.Throws<DataException>(() => TextClassifier.Train(
            new LabelledTexts([.. Enumerable.Repeat(" ", 20)], [.. Enumerable.Range(0, 20).Select(i => $"{i % 2}")]), TestTexts.Quick)).Message, StringComparison.Ordinal);

    public static TheoryData<string, Func<ClassifierOptions, ClassifierOptions>> Ranges => new()
    {
        { "--length", options => options with { Length = 0 } },
        { "--truncation", options => options with { Truncation = (TextTruncation)9 } },
        { "--embedding", options => options with { Embedding = 0 } },
        { "--pooling", options => options with { Pooling = (TextPooling)9 } },
        { "--embedding-dropout", options => options with { EmbeddingDropout = 1 } },
        { "--weight-dropout", options => options with { WeightDropout = -0.1 } },
        { "--class-weights", options => options with { ClassWeights = (ClassWeighting)9 } },
        { "--vocabulary", options => options with { Text = new TextOptions { Vocabulary = 1 } } },
        { "--epochs", options => options with { Epochs = 0 } },
        { "--test", options => options with { Test = 0 } },
    };

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Options_have_their_ranges(string option, Func<ClassifierOptions, ClassifierOptions> change) => Assert.Equal(
        option, Assert.Throws<InvalidOptionException>(() => TextClassifier.Train(TestTexts.Separable(60, "a", "b"), change(TestTexts.Quick))).Option);
}
