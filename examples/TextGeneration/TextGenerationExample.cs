using Engram.Data;
using Engram.Plots;
using Engram.Tasks;

namespace Engram.Examples.TextGeneration;

/// <summary>
/// A network that reads characters and tells at every step which comes next, and writes by drawing from what it expects:
/// <code>
///   z = dense(lstm(embedding(c₁ … cₜ)))      p(cₜ₊₁) = softmax(z)
/// </code>
/// </summary>
internal static class TextGenerationExample
{
    /// <summary>Enough for a window of every stream, and for a test part that says something.</summary>
    private const int LeastCharacters = 2000;

    private const int PromptCharacters = 40;
    private const int SampleLength = 160;

    private static readonly (string Name, GenerationOptions Options)[] _ways =
    [
        ("temperature 0: always the most probable", new GenerationOptions { Temperature = 0 }),
        ("temperature 0.5", new GenerationOptions { Temperature = 0.5 }),
        ("temperature 1: as the network expects", new GenerationOptions()),
        ("temperature 1.5", new GenerationOptions { Temperature = 1.5 }),
        ("temperature 1, top-k 5", new GenerationOptions { TopK = 5 }),
        ("temperature 1, top-p 0.9", new GenerationOptions { TopP = 0.9 }),
    ];

    /// <summary>Trains on a text, scores what came of it on the end of the text, and lets it write.</summary>
    /// <param name="file">The text.</param>
    /// <param name="prompt">What the model goes on with; null or empty: the first line of the text.</param>
    /// <param name="epochs">How often the text is read.</param>
    /// <param name="seed">Where first weights and samples are drawn from.</param>
    /// <param name="folder">Where the picture goes.</param>
    /// <param name="units">Units of the LSTM.</param>
    /// <returns>The trained model.</returns>
    public static LanguageModel Run(string file, string? prompt, int epochs, long seed, string folder, int units = 192)
    {
        TextCorpus text = TextCorpus.Read([file]);
        if (text.CharacterCount < LeastCharacters)
        {
            throw new DataException($"{file} has {text.CharacterCount:#,0} characters, and {LeastCharacters:#,0} are needed to learn something. Name a longer text.", file);
        }
        Directory.CreateDirectory(folder);

        // Train: the last tenth of the text is for the score alone, a tenth of the rest chooses the best epoch.
        var options = new LanguageModelOptions
        {
            Units = [units],
            Dropout = 0.2,
            BatchSize = 16,
            LearningRate = 0.005,
            Schedule = "cosine",
            Epochs = epochs,
            Patience = 0,
            Test = 0.1,
            Seed = seed,
        };
        LanguageModel model = LanguageModel.Train(text, options, progress: new EpochLines(epochs));
        LanguageModelReport report = model.Report!;
        Console.WriteLine($"{text.CharacterCount:#,0} characters, {report.Model.Parameters:#,0} weights, {report.Training.Seconds:0} s\n");

        // Score
        Console.WriteLine("The last tenth, which it never saw   nats per character   perplexity   bits per character");
        PrintScore("LSTM", report.Metrics.Test!);
        PrintScore("unigram", report.Baselines.Unigram);
        Console.WriteLine();

        // Look at one step
        prompt = string.IsNullOrEmpty(prompt) ? Beginning(text) : prompt;
        foreach (string unknown in model.UnknownIn(prompt))
        {
            Console.WriteLine($"The text that was trained on has no «{unknown}»: the model reads <unk> instead.");
        }
        NextCharacter.Print(Console.Out, model, prompt);

        // Write
        foreach ((string name, GenerationOptions way) in _ways)
        {
            Console.WriteLine($"\n--- {name}");
            Console.Write(prompt);
            foreach (string piece in model.GenerateStream(prompt, way with { Length = SampleLength, Seed = seed }))
            {
                Console.Write(piece);
            }
            Console.WriteLine();
        }

        // Draw
        Charts.Loss(
            model.History!.Loss, model.History.ValidationLoss, report.Training.BestEpoch, title: "Text generation", xLabel: "Epochs", yLabel: "Nats per character")
            .Save(Path.Combine(folder, "loss.png"));
        Console.WriteLine("\nPicture: loss.png");
        return model;
    }

    private static void PrintScore(string name, LanguageModelMetrics metrics) =>
        Console.WriteLine($"  {name,-36} {metrics.Loss,16:0.00} {metrics.Perplexity,12:0.00} {metrics.BitsPerCharacter,20:0.00}");

    /// <summary>The first line that is not blank, at most its first characters.</summary>
    private static string Beginning(TextCorpus text) =>
        string.Concat(TextCorpus.Of(text.Lines.First(line => !string.IsNullOrWhiteSpace(line))).Cut(PromptCharacters).First);

    /// <summary>A line for every fifth epoch.</summary>
    private sealed class EpochLines(int epochs) : IProgress<TaskProgress>
    {
        public void Report(TaskProgress value)
        {
            if (value.Epoch is { } epoch && (epoch.Epoch % 5 == 0 || epoch.Epoch == epochs))
            {
                Console.WriteLine($"epoch {epoch.Epoch,3} of {epochs}   loss {epoch.Loss:0.000}, validation {epoch.ValidationLoss:0.000} nats per character");
            }
        }
    }
}
