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

    private static readonly EncodedTexts _long = EncodedTexts.Of(Enumerable.Range(0, 50).Select(text => Enumerable.Range(10, text * 4).ToArray()));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Word_dropout_leaves_some_out_in_their_order(bool padBefore)
    {
        var samples = new TokenSamples(_long, new TokenSamplesOptions { WordDropout = 0.25, PadBefore = padBefore });
        var epoch = (TokenSamples)samples.InEpoch(new RandomStream(1));
        int stayed = 0;
        for (int sample = 0; sample < _long.Count; sample++)
        {
            float[] ids = Inputs(epoch, sample);
            float[] real = [.. ids.Where(id => id != 0)];
            Assert.Equal(epoch.StepsOf(sample), real.Length);
            Assert.Equal(ids.Select(id => id != 0), Mask(epoch, sample));
            Assert.Equal(real.Order(), real);
            Assert.Equal(sample > 0, real.Length > 0);
            stayed += real.Length;
        }
        Assert.Equal(0.75, stayed / (double)_long.TokenCount, 0.02);
    }

    [Fact]
    public void Swapping_keeps_all_tokens_and_moves_each_by_one_place_at_most()
    {
        float[] ids = Inputs((TokenSamples)new TokenSamples(_long, new TokenSamplesOptions { Swap = 0.3 }).InEpoch(new RandomStream(1)), 49)[..196];
        Assert.Equal(Enumerable.Range(10, 196).Select(id => (float)id), ids.Order());
        Assert.All(ids.Select((id, place) => Math.Abs(id - 10 - place)), distance => Assert.True(distance <= 1));
        Assert.InRange(ids.Where((id, place) => id != 10 + place).Count(), 20, 150);
    }

    [Fact]
    public void Masking_hides_tokens_and_leaves_targets()
    {
        var samples = new TokenSamples(_long, _long, new TokenSamplesOptions { Masking = 0.5 });
        float[] ids = new float[196], targets = new float[196];
        samples.InEpoch(new RandomStream(1)).Read([49], ids, targets);
        Assert.Equal(Enumerable.Range(10, 196).Select(id => (float)id), targets);
        Assert.All(ids.Zip(targets), pair => Assert.True(pair.First == pair.Second || pair.First == Vocabulary.Unknown));
        Assert.InRange(ids.Count(id => id == Vocabulary.Unknown), 60, 136);
        Assert.Throws<ArgumentException>(() => new TokenSamples(_long, _long, new TokenSamplesOptions { Swap = 0.5 }));
    }

    [Fact]
    public void Epochs_differ_and_come_again_whatever_is_read_first()
    {
        var samples = new TokenSamples(_long, new TokenSamplesOptions { WordDropout = 0.2, Swap = 0.2, Masking = 0.2 });
        TokenSamples one = (TokenSamples)samples.InEpoch(new RandomStream(1)), again = (TokenSamples)samples.InEpoch(new RandomStream(1)), other = (TokenSamples)samples.InEpoch(new RandomStream(2));
        float[] first = Inputs(one, 30);
        Inputs(again, 40);
        Assert.Equal(first, Inputs(again, 30));
        Assert.NotEqual(first, Inputs(other, 30));
        Assert.Equal(Enumerable.Range(10, 120).Select(id => (float)id), Inputs(samples, 30)[..120]);
        Assert.Same(_plain, _plain.InEpoch(new RandomStream(1)));
        Assert.NotEqual(samples.Fingerprint(), _plain.Fingerprint());
    }

    private static readonly TokenSamples _plain = new(_long);

    [Theory]
    [InlineData(1, 0, 0)]
    [InlineData(0, -0.1, 0)]
    [InlineData(0, 0, 1.1)]
    [InlineData(double.NaN, 0, 0)]
    public void Shares_outside_their_range_are_refused(double dropout, double swap, double masking) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenSamples(_texts, new TokenSamplesOptions { WordDropout = dropout, Swap = swap, Masking = masking }));
}
