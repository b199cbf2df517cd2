using Engram.Data;

namespace Engram.Tasks.Tests.LanguageModels;

public sealed class TokenSamplerTests
{
    /// <summary>Logits of probabilities 0.5, 0.25, 0.125, 0.125 for the four tokens behind the special ones, which would be likelier than all of them.</summary>
    private static readonly float[] _logits = [9, 9, 9, 9, MathF.Log(0.5f), MathF.Log(0.25f), MathF.Log(0.125f), MathF.Log(0.125f)];

    [Fact]
    public void Tokens_are_drawn_as_often_as_they_are_probable_and_special_ones_never()
    {
        double[] shares = Shares(new GenerationOptions());

        Assert.Equal([0, 0, 0, 0], shares[..4]);
        AssertNear([0.5, 0.25, 0.125, 0.125], shares[4..]);
    }

    [Fact]
    public void Temperature_sharpens_by_its_inverse_as_exponent()
    {
        double[] squares = [0.25, 0.0625, 0.015625, 0.015625];

        AssertNear([.. squares.Select(square => square / squares.Sum())], Shares(new GenerationOptions { Temperature = 0.5 })[4..]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-9)]
    public void Without_temperature_the_most_probable_is_taken(double temperature) =>
        Assert.Equal(1, Shares(new GenerationOptions { Temperature = temperature })[4]);

    [Fact]
    public void Top_k_leaves_the_k_most_probable()
    {
        AssertNear([2 / 3.0, 1 / 3.0, 0, 0], Shares(new GenerationOptions { TopK = 2 })[4..]);
        AssertNear([0.5, 0.25, 0.125, 0.125], Shares(new GenerationOptions { TopK = 1000 })[4..]);
    }

    [Theory]
    [InlineData(0.5, 1)]
    [InlineData(0.51, 2)]
    [InlineData(0.8, 3)]
    [InlineData(1, 4)]
    public void Top_p_leaves_the_fewest_that_have_the_probability(double share, int left) =>
        Assert.Equal(left, Shares(new GenerationOptions { TopP = share }).Count(one => one > 0));

    [Fact]
    public void The_end_of_a_line_is_drawn_where_it_stands_for_something()
    {
        TokenSampler sampler = new(new GenerationOptions { Temperature = 0 }, _logits.Length, mayEnd: true);

        Assert.Equal(Vocabulary.End, sampler.Next(_logits));
    }

    [Theory]
    [InlineData("--temperature", -1.0, null, null, 1)]
    [InlineData("--temperature", double.NaN, null, null, 1)]
    [InlineData("--top-k", 1.0, 0, null, 1)]
    [InlineData("--top-p", 1.0, null, 0.0, 1)]
    [InlineData("--top-p", 1.0, null, 1.5, 1)]
    [InlineData("--length", 1.0, null, null, -1)]
    public void Options_outside_their_range_are_named(string option, double temperature, int? topK, double? topP, int length)
    {
        GenerationOptions options = new() { Temperature = temperature, TopK = topK, TopP = topP, Length = length };

        Assert.Equal(option, Assert.Throws<InvalidOptionException>(options.Validate).Option);
    }

    private static double[] Shares(GenerationOptions options)
    {
        const int draws = 20_000;
        TokenSampler sampler = new(options, _logits.Length, mayEnd: false);
        double[] counts = new double[_logits.Length];
        for (int i = 0; i < draws; i++)
        {
            counts[sampler.Next(_logits)] += 1.0 / draws;
        }
        return [.. counts.Select(share => Math.Round(share, 12))];
    }

    private static void AssertNear(double[] expected, double[] actual)
    {
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.InRange(actual[i], expected[i] - 0.015, expected[i] + 0.015); // more than four deviations of 20,000 draws
        }
    }
}
