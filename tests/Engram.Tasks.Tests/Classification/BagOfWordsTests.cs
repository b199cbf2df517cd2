namespace Engram.Tasks.Tests.Classification;

public sealed class BagOfWordsTests
{
    /// <summary>Word 1 stands for class 0, word 2 for class 1, word 3 for nothing.</summary>
    private static readonly int[][] _texts = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? (int[])[3, 1, 3] : [2, 3])];

    private static readonly int[] _labels = [.. Enumerable.Range(0, 40).Select(i => i % 2)];

    [Fact]
    public void It_learns_which_words_tell_the_classes_apart()
    {
        BagOfWords bag = Fit([.. Enumerable.Range(0, 30)], [.. Enumerable.Range(30, 10)]);

        Assert.True(bag.Predict([1])[0] > 0.9);
        Assert.True(bag.Predict([3, 2, 3])[1] > 0.9);
        Assert.All(Enumerable.Range(0, 40), text => Assert.Equal(_labels[text], ClassScores.Largest(bag.Predict(_texts[text]))));
        Assert.Equal(1, bag.Predict([1, 2, 3]).Sum(), 5);
    }

    [Fact]
    public void The_order_of_words_does_not_matter_but_their_number_does()
    {
        BagOfWords bag = Fit([.. Enumerable.Range(0, 30)], []);

        Assert.Equal(bag.Predict([1, 2, 3, 1]), bag.Predict([3, 1, 1, 2]));
        Assert.True(bag.Predict([1, 1, 1, 2])[0] > bag.Predict([1, 2])[0]);
    }

    /// <summary>ln((1 + N) / N_w): word 3 is in all of 30 texts, words 1 and 2 in half, word 4 in none.</summary>
    [Fact]
    public void Rare_words_weigh_more_and_unseen_ones_nothing() => Assert.Equal(
        [0, MathF.Log(31f / 15), MathF.Log(31f / 15), MathF.Log(31f / 30), 0], Fit([.. Enumerable.Range(0, 30)], []).Rarity.ToArray());

    [Fact]
    public void A_seed_gives_the_same_numbers()
    {
        int[] all = [.. Enumerable.Range(0, 40)];

        Assert.Equal(Fit(all, []).Weights.ToArray(), Fit(all, []).Weights.ToArray());
        Assert.NotEqual(Fit(all, []).Weights.ToArray(), Fit(all, [], seed: 2).Weights.ToArray());
    }

    [Fact]
    public void An_empty_text_gets_what_the_biases_say() => Assert.Equal(1, Fit([.. Enumerable.Range(0, 30)], []).Predict([]).Sum(), 5);

    private static BagOfWords Fit(int[] training, int[] validation, long seed = 1) =>
        BagOfWords.Fit(text => _texts[text], _labels, training, validation, words: 5, classes: 2, seed, default);

    [Fact]
    public void More_weights_than_there_can_be_are_refused_before_anything_is_made()
    {
        BagOfWords.RequireRoom(100_000, 21_000);

        InvalidOptionException error = Assert.Throws<InvalidOptionException>(() => BagOfWords.RequireRoom(100_000, 43_000));

        // 100,000 · 43,000 is 4,300,000,000, of which 32 bits keep 5,032,704.
        Assert.Equal("--vocabulary", error.Option);
        Assert.Contains("4300000000", error.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOptionException>(() => BagOfWords.Fit(_ => [], [], [], [], 100_000, 43_000, 0, default));
        Assert.False(new BagOfWordsDocument(new byte[400_000], new byte[4 * 5_032_704], new byte[4 * 43_000]).Fits(100_000, 43_000));
    }
}
