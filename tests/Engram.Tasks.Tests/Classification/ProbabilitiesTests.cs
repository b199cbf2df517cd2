namespace Engram.Tasks.Tests.Classification;

public sealed class ProbabilitiesTests
{
    [Fact]
    public void One_logit_is_that_of_the_second_class()
    {
        float[] probabilities = Probabilities.OfOutputs([0, MathF.Log(3), -1000, 1000], 2);

        Assert.Equal([0.5f, 0.5f, 0.25f, 0.75f, 1, 0, 0, 1], probabilities.Select(p => MathF.Round(p, 6)));
    }

    [Fact]
    public void More_logits_are_exponents_of_shares_however_large()
    {
        float[] probabilities = Probabilities.OfOutputs([0, MathF.Log(2), MathF.Log(5), 1e30f, 0, -1e30f], 3);

        Assert.Equal([0.125f, 0.25f, 0.625f, 1, 0, 0], probabilities.Select(p => MathF.Round(p, 6)));
    }
}
