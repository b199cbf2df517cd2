using Engram.Data;
using Engram.Plots;
using Engram.Training;

namespace Engram.Examples.Sentiment;

/// <summary>Section 6.2 line for line, with the steps in an order that runs, and a test set.</summary>
internal static class SentimentAnalysis
{
    private const int VocabularySize = 10_000;
    private const int EmbeddingSize = 64;
    private const int MaximumLength = 100;
    private const int DocumentsDrawn = 30;

    /// <summary>Trains with a mask and without, and draws what the masked model predicts for the first test documents.</summary>
    /// <param name="all">The texts; every fifth is held out where no others are given to test on.</param>
    /// <param name="given">Texts to test on; null: none.</param>
    /// <param name="positive">The label that stands for 1.</param>
    /// <param name="folder">Where the picture goes.</param>
    /// <param name="epochs">Passes over the texts.</param>
    /// <returns>The accuracy on the test texts, with a mask and without.</returns>
    public static (double Masked, double Unmasked) Run(LabelledTexts all, LabelledTexts? given, string positive, string folder, int epochs = 10)
    {
        if (!all.Labels!.Contains(positive))
        {
            throw new DataException($"No text has the label «{positive}»; there are {string.Join(", ", all.Labels!.Distinct().Order().Take(10).Select(label => $"«{label}»"))}. Name one of them (--positive).");
        }
        Directory.CreateDirectory(folder);

        // Load the data, and hold some out: a model is judged on texts that it never saw.
        int[] trained = [.. Enumerable.Range(0, all.Count).Where(i => given is not null || i % 5 != 0)];
        int[] tested = [.. Enumerable.Range(0, given?.Count ?? all.Count).Where(i => given is not null || i % 5 == 0)];
        (string[] texts, float[] labels) = Take(all, trained, positive);
        (string[] testTexts, float[] testLabels) = Take(given ?? all, tested, positive);

        // Tokenise, then pad: the vocabulary is learnt from the training texts alone.
        TextEncoder tokenizer = TextEncoder.Learn(texts, new TextOptions { LowerCase = true, Vocabulary = VocabularySize });
        TokenSamples x = Pad(tokenizer, texts, labels), xTest = Pad(tokenizer, testTexts, testLabels);
        Console.WriteLine($"{texts.Length} texts to train on, {testTexts.Length} to test on, {tokenizer.Vocabulary.Count} words in the vocabulary");

        // With a mask the LSTM stops at the last word of a text; without it reads the padding too, and answers at its end.
        Sequential model = Train(x, epochs);
        Sequential unmasked = Train(new Unmasked(x), epochs);
        double accuracy = model.Evaluate(xTest)["binary_accuracy"], without = unmasked.Evaluate(new Unmasked(xTest))["binary_accuracy"];
        double share = testLabels.Count(label => label == 1) / (double)testLabels.Length;
        Console.WriteLine(
            $"""
            accuracy on the test texts
              with a mask             {accuracy:0.000}
              without                 {without:0.000}
              always the same answer  {Math.Max(share, 1 - share):0.000}
            """);

        // Predict and draw
        float[] predictions = model.Predict(xTest).ToArray();
        Picture chart = Charts.Bars(
            [.. predictions.Take(DocumentsDrawn).Select(p => (double)p)], title: "Sentiment Analysis", xLabel: "Document", yLabel: "Probability", most: DocumentsDrawn);
        chart.Save(Path.Combine(folder, "sentiment.png"));
        Console.WriteLine($"Picture of the first {Math.Min(DocumentsDrawn, predictions.Length)} test texts: sentiment.png");
        return (accuracy, without);
    }

    private static Sequential Train(ISampleSource samples, int epochs)
    {
        var model = new Sequential(
            new Embedding(VocabularySize, EmbeddingSize),
            new Lstm(64),
            new Dense(1, Activation.Sigmoid));
        model.Compile(new Adam(), Loss.BinaryCrossEntropy(new CrossEntropyOptions { FromProbabilities = true }), Metric.BinaryAccuracy());
        History history = model.Fit(samples, new FitOptions { Epochs = epochs, BatchSize = 32, Seed = 0 });
        Console.WriteLine($"{(samples.HasMask ? "with a mask" : "without a mask")}: loss {history.Epochs[0].Loss:0.0000} at first, {history.Epochs[^1].Loss:0.0000} at the end");
        return model;
    }

    private static (string[] Texts, float[] Labels) Take(LabelledTexts from, int[] which, string positive) =>
        ([.. which.Select(i => from.Texts[i])], [.. which.Select(i => from.Labels![i] == positive ? 1f : 0f)]);

    private static TokenSamples Pad(TextEncoder tokenizer, string[] texts, float[] labels) =>
        new(tokenizer.EncodeAll(texts), labels, new TokenSamplesOptions { Length = MaximumLength });

    /// <summary>Samples without their mask, as if padding were words.</summary>
    private sealed class Unmasked(ISampleSource samples) : ISampleSource
    {
        public int Count => samples.Count;

        public Shape InputShape => samples.InputShape;

        public Shape TargetShape => samples.TargetShape;

        public void Read(ReadOnlySpan<int> which, Span<float> inputs, Span<float> targets) => samples.Read(which, inputs, targets);
    }
}
