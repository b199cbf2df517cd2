namespace Engram.Tasks.Tests.Classification;

public sealed class StratifiedSplitTests
{
    private static readonly int[] _labels = [.. Enumerable.Range(0, 100).Select(i => i < 60 ? 0 : i < 95 ? 1 : i < 99 ? 2 : 3)];

    [Fact]
    public void Each_class_gives_its_share_one_at_least_and_never_all()
    {
        (int[] rest, int[] drawn) = Cut(0.2, seed: 1);

        Assert.Equal([12, 7, 1, 0], CountsOf(drawn));
        Assert.Equal([48, 28, 3, 1], CountsOf(rest));
        Assert.Equal(Enumerable.Range(0, 100), rest.Concat(drawn).Order());
        Assert.Equal(drawn.Order(), drawn);
        Assert.Equal([59, 34, 3, 0], CountsOf(Cut(0.999, seed: 1).Drawn));
        Assert.Empty(Cut(0, seed: 1).Drawn);
    }

    [Fact]
    public void A_seed_draws_the_same_and_another_seed_others()
    {
        Assert.Equal(Cut(0.2, seed: 1).Drawn, Cut(0.2, seed: 1).Drawn);
        Assert.NotEqual(Cut(0.2, seed: 1).Drawn, Cut(0.2, seed: 2).Drawn);
    }

    [Fact]
    public void Every_sample_of_a_class_is_drawn_as_often()
    {
        int[] times = new int[60];
        for (int seed = 0; seed < 1000; seed++)
        {
            foreach (int sample in Cut(0.2, seed).Drawn.Where(sample => sample < 60))
            {
                times[sample]++;
            }
        }

        // Binomial of 1000 draws with a chance of 0.2: mean 200, standard deviation 12.6.
        Assert.All(times, count => Assert.InRange(count, 200 - 60, 200 + 60));
    }

    private static (int[] Remaining, int[] Drawn) Cut(double share, long seed) => StratifiedSplit.Cut(Enumerable.Range(0, 100), _labels, share, new RandomStream(seed));

    private static int[] CountsOf(int[] samples) => [.. Enumerable.Range(0, 4).Select(label => samples.Count(sample => _labels[sample] == label))];
}
