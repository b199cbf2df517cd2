namespace Engram.Data.Tests.Text;

public sealed class TokenSamplesTests
{
    private static readonly EncodedTexts _texts = EncodedTexts.Of([[5, 6, 7], [], [1, 2, 3, 4, 5, 6, 7]]);

    private static float[] Inputs(TokenSamples samples, int sample)
    {
        float[] inputs = new float[samples.InputShape.Count];
        samples.Read([sample], inputs, []);
        return inputs;
    }

    private static bool[] Mask(TokenSamples samples, int sample)
    {
        bool[] mask = new bool[samples.InputShape.Count];
        samples.ReadMask([sample], mask);
        return mask;
    }

    [Theory]
    [InlineData(TextTruncation.Head, new float[] { 1, 2, 3, 4, 5 })]
    [InlineData(TextTruncation.Tail, new float[] { 3, 4, 5, 6, 7 })]
    [InlineData(TextTruncation.Both, new float[] { 1, 2, 3, 6, 7 })]
    public void Long_texts_are_cut(TextTruncation truncation, float[] expected)
    {
        var samples = new TokenSamples(_texts, new TokenSamplesOptions { Length = 5, Truncation = truncation });
        Assert.Equal(expected, Inputs(samples, 2));
        Assert.Equal([5, 6, 7, 0, 0], Inputs(samples, 0));
        Assert.Equal(1, samples.TruncatedCount);
    }

    [Theory]
    [InlineData(false, new float[] { 5, 6, 7, 0 }, new[] { true, true, true, false })]
    [InlineData(true, new float[] { 0, 5, 6, 7 }, new[] { false, true, true, true })]
    public void Short_texts_are_padded_under_a_mask(bool before, float[] expected, bool[] mask)
    {
        var samples = new TokenSamples(_texts, new TokenSamplesOptions { Length = 4, PadBefore = before });
        Assert.Equal(expected, Inputs(samples, 0));
        Assert.Equal(mask, Mask(samples, 0));
        Assert.Equal([false, false, false, false], Mask(samples, 1));
        Assert.Equal([3, 0, 4], Enumerable.Range(0, 3).Select(samples.StepsOf));
    }

    [Fact]
    public void Targets_of_texts_and_of_tokens()
    {
        var texts = new TokenSamples(_texts, [1, 0, 2]);
        Assert.Equal(new Shape(7), texts.InputShape);
        Assert.Equal(new Shape(1), texts.TargetShape);
        float[] inputs = new float[14], targets = new float[2];
        texts.Read([2, 0], inputs, targets);
        Assert.Equal([2, 1], targets);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 5, 6, 7, 0, 0, 0, 0], inputs);

        var tokens = new TokenSamples(_texts, EncodedTexts.Of([[1, 1, 2], [], [9, 8, 7, 6, 5, 4, 3]]), new TokenSamplesOptions { Length = 4, Truncation = TextTruncation.Tail });
        Assert.Equal(tokens.InputShape, tokens.TargetShape);
        float[] each = new float[4];
        tokens.Read([2], new float[4], each);
        Assert.Equal([6, 5, 4, 3], each);
    }

    [Fact]
    public void Targets_that_do_not_fit_are_refused()
    {
        Assert.Contains("3 texts, but 2 targets", Assert.Throws<ArgumentException>(() => new TokenSamples(_texts, [1, 2])).Message, StringComparison.Ordinal);
        Assert.Contains("Text 1 has 0 tokens, but 1", Assert.Throws<ArgumentException>(() => new TokenSamples(_texts, EncodedTexts.Of([[1, 1, 2], [1], []]))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenSamples(_texts, new TokenSamplesOptions { Length = 0 }));
    }

    [Fact]
    public void Other_samples_have_another_fingerprint()
    {
        string[] prints =
        [
            new TokenSamples(_texts, [1, 0, 2]).Fingerprint(),
            new TokenSamples(_texts, [1, 0, 1]).Fingerprint(),
            new TokenSamples(_texts, [1, 0, 2], new TokenSamplesOptions { Length = 4 }).Fingerprint(),
            new TokenSamples(_texts, [1, 0, 2], new TokenSamplesOptions { Length = 4, PadBefore = true }).Fingerprint(),
            new TokenSamples(EncodedTexts.Of([[5, 6], [7], [1, 2, 3, 4, 5, 6, 7]]), [1, 0, 2]).Fingerprint(),
        ];
        Assert.Equal(prints.Length, prints.Distinct().Count());
    }
}
