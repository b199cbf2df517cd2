using CsCheck;

namespace Engram.Tests.Randomness;

public sealed class RandomStreamTests
{
    [Fact]
    public void The_generator_gives_the_published_numbers()
    {
        // Known answers of Philox-4×32-10 (Random123, kat_vectors): all counters and keys zero, and all ones.
        Assert.Equal((0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u), RandomStream.Philox(0, 0, 0));
        Assert.Equal((0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu), RandomStream.Philox(ulong.MaxValue, ulong.MaxValue, ulong.MaxValue));
    }

    [Fact]
    public void Streams_of_different_seeds_purposes_and_numbers_differ()
    {
        var root = new RandomStream(1);
        RandomStream[] streams = [root, new(2), root.Derive("a"), root.Derive("b"), root.Derive(0), root.Derive(1), root.Derive("a").Derive(1), root.Derive(1).Derive("a")];
        Assert.Equal(streams.Length, streams.Select(stream => stream.Bits(0)).Distinct().Count());
    }

    [Fact]
    public void Uniform_numbers_fill_the_interval_evenly()
    {
        var random = new RandomStream(3);
        int[] tenths = new int[10];
        for (int i = 0; i < 100_000; i++)
        {
            float value = random.Uniform(i);
            Assert.InRange(value, 0f, 0.99999997f);
            tenths[(int)(value * 10)]++;
        }
        Assert.All(tenths, count => Assert.InRange(count, 9_500, 10_500));
    }

    [Fact]
    public void Normal_numbers_have_mean_0_and_variance_1()
    {
        var random = new RandomStream(5);
        double[] values = [.. Enumerable.Range(0, 100_000).Select(i => (double)random.Normal(i))];
        Assert.InRange(values.Average(), -0.02, 0.02);
        Assert.InRange(values.Average(v => v * v), 0.98, 1.02);
        Assert.InRange(values.Count(v => Math.Abs(v) > 1.96) / 100_000.0, 0.045, 0.055);
    }

    [Fact]
    public void Shuffling_keeps_every_item() =>
        Gen.Select(Gen.Int[0, 200], Gen.Long).Sample((count, seed) =>
        {
            int[] items = [.. Enumerable.Range(0, count)];
            new RandomStream(seed).Shuffle(items);
            Assert.Equal(Enumerable.Range(0, count), items.Order());
        });

    [Fact]
    public void Every_order_of_three_items_is_equally_likely()
    {
        var counts = new Dictionary<string, int>();
        for (int seed = 0; seed < 6_000; seed++)
        {
            int[] items = [0, 1, 2];
            new RandomStream(seed).Shuffle(items);
            string order = string.Concat(items);
            counts[order] = counts.GetValueOrDefault(order) + 1;
        }
        Assert.Equal(6, counts.Count);
        Assert.All(counts.Values, count => Assert.InRange(count, 880, 1120));
    }
}
