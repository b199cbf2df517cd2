using Engram.Data;
using Engram.Examples.TextGeneration;
using Engram.Tasks;

namespace Engram.Examples.Tests.TextGeneration;

public sealed class TextGenerationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_text_is_learnt_and_written_on()
    {
        string file = _folder.Write(string.Concat(Enumerable.Repeat("abracadabra, simsalabim\n", 200)), "magic.txt");

        LanguageModel model = TextGenerationExample.Run(file, prompt: null, epochs: 30, seed: 0, _folder.File("pictures"), units: 32);

        LanguageModelReport report = model.Report!;
        Assert.True(report.Metrics.Test!.Perplexity < 1.5, $"{report.Metrics.Test}");
        Assert.True(report.Baselines.Unigram.Perplexity > 6, $"{report.Baselines.Unigram}");
        Assert.Equal("dabra, simsalabim\nabra", model.Generate("abracadabra, simsalabim\nabraca", new GenerationOptions { Temperature = 0, Length = 22 }));
        Assert.True(new FileInfo(_folder.File("pictures/loss.png")).Length > 1000);
    }

    [Fact]
    public void The_table_tells_what_the_writer_draws_from()
    {
        string text = string.Concat(Enumerable.Range(0, 1000).Select(i => i % 4 == 0 ? "ab" : "ac"));
        LanguageModel model = LanguageModel.Train(
            TextCorpus.Of(text), new LanguageModelOptions { Units = [8], BatchSize = 8, Steps = 3, Epochs = 8, LearningRate = 0.02, Patience = 0, Seed = 1 });
        using StringWriter output = new();

        NextCharacter.Print(output, model, "acaba");

        double[][] rows = [.. output.ToString().Split('\n').Skip(2).Where(line => line.Length > 0).Select(Numbers)];
        Assert.Contains("«acaba», of 3 characters", output.ToString(), StringComparison.Ordinal);
        Assert.Equal(3, rows.Length);
        for (int column = 0; column < 4; column++)
        {
            Assert.Equal(1, rows.Sum(row => row[column]), 0.002);
        }
        const int draws = 300;
        double drawn = Enumerable.Range(0, draws).Count(seed => model.Generate("acaba", new GenerationOptions { Length = 1, Seed = seed }) == "c") / (double)draws;
        Assert.Equal(rows[0][1], drawn, 0.11); // four deviations of so many draws
        Assert.InRange(rows[0][0], rows[0][1], 1);
        Assert.InRange(rows[0][2], 1 / 3.0, rows[0][1]);
    }

    [Fact]
    public void Temperature_is_an_exponent_of_the_probabilities()
    {
        float[] z = [MathF.Log(0.5f), MathF.Log(0.3f), MathF.Log(0.2f)];

        Near([0.5, 0.3, 0.2], NextCharacter.Softmax(z, 1));
        Near([0.25 / 0.38, 0.09 / 0.38, 0.04 / 0.38], NextCharacter.Softmax(z, 0.5));
        Near([1, 0], NextCharacter.Softmax([1000, 0], 1)); // no overflow
    }

    [Theory]
    [InlineData(0.4, 0, 1, 0)]
    [InlineData(0.5, 0, 1, 0)]
    [InlineData(0.6, 0.375, 0.625, 0)]
    [InlineData(1, 0.3, 0.5, 0.2)]
    public void The_nucleus_has_the_fewest_that_reach_the_share(double share, double first, double second, double third) =>
        Near([first, second, third], NextCharacter.Nucleus([0.3, 0.5, 0.2], share));

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(" \n\n", "not one letter")]
    [InlineData("Too short.\n", "has 11 characters, and 2,000 are needed")]
    [InlineData(null, "there is no such file")]
    public void A_text_that_does_not_serve_is_named(string? text, string words)
    {
        string file = text is null ? _folder.File("text.txt") : _folder.Write(text, "text.txt");

        DataException error = Assert.Throws<DataException>(() => TextGenerationExample.Run(file, null, epochs: 1, seed: 0, _folder.File("pictures")));

        Assert.Contains("text.txt", error.Message, StringComparison.Ordinal);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("pictures")));
    }

    private static double[] Numbers(string line) => [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(double.Parse)];

    private static void Near(double[] expected, double[] actual) => Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
}
