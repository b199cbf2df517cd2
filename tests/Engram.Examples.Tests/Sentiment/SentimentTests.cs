using Engram.Data;
using Engram.Examples.Sentiment;

namespace Engram.Examples.Tests.Sentiment;

public sealed class SentimentTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_mask_lets_a_short_text_be_understood_that_padding_buries()
    {
        string[] openings = ["what a", "such a very", "an", "oh, what an"], ends = ["film", "story", "evening"];
        string[] words = [.. from opening in openings from end in ends from verdict in (string[])["wonderful", "awful"] select $"{opening} {verdict} {end}"];
        string[] texts = [.. Enumerable.Repeat(words, 10).SelectMany(all => all)];
        LabelledTexts labelled = new(texts, [.. texts.Select(text => text.Contains("wonderful", StringComparison.Ordinal) ? "1" : "0")]);

        (double masked, double unmasked) = SentimentAnalysis.Run(labelled, null, "1", _folder.Path, epochs: 10);

        Assert.True(masked > 0.95, $"{masked}");
        Assert.True(unmasked <= masked, $"{unmasked}, {masked}");
        Assert.True(new FileInfo(_folder.File("sentiment.png")).Length > 1000);
    }
}
