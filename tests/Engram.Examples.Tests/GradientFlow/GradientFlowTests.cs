using Engram.Examples.GradientFlow;

namespace Engram.Examples.Tests.GradientFlow;

public sealed class GradientFlowTests
{
    [Fact]
    public void The_simple_network_loses_the_gradient()
    {
        double[] norms = Norms("RNN");

        Assert.True(norms[0] < 1e-15 * norms[^1], $"{norms[0]} of {norms[^1]}");
    }

    [Theory]
    [InlineData("LSTM, bias 5")]
    [InlineData("GRU, bias 5")]
    public void Gates_that_keep_the_state_keep_the_gradient(string name)
    {
        double[] norms = Norms(name);

        Assert.All(norms, norm => Assert.InRange(norm / norms[^1], 0.05, 20));
    }

    [Theory]
    [InlineData("LSTM, bias 1", "LSTM, bias 5")]
    [InlineData("GRU, bias 0", "GRU, bias 5")]
    public void Gates_that_forget_lose_more_of_it(string forgets, string keeps)
    {
        double[] lost = Norms(forgets), kept = Norms(keeps);

        Assert.True(lost[0] / lost[^1] < 0.01 * kept[0] / kept[^1]);
    }

    [Fact]
    public void An_lstm_with_large_recurrent_weights_explodes()
    {
        double[] norms = Norms("LSTM, U × 4");

        Assert.True(norms[0] > 1e4 * norms[^1], $"{norms[0]} of {norms[^1]}");
    }

    [Fact]
    public void Clipping_holds_what_explodes()
    {
        IReadOnlyList<TrainingStep> free = Clipping.Train(clipNorm: null), clipped = Clipping.Train(clipNorm: 1);

        Assert.Equal(free[0], clipped[0]);
        Assert.True(free[0].GradientNorm > 1e4);
        Assert.True(!double.IsFinite(free[^1].Loss) || free[^1].Loss > 1e6 * free[0].Loss, $"unclipped {free[^1].Loss}");
        Assert.All(clipped, step => Assert.InRange(step.Loss, 0, 5 * clipped[0].Loss));
        double last = clipped.TakeLast(50).Average(step => step.Loss);
        Assert.True(last < clipped[0].Loss, $"clipped {last} after {clipped[0].Loss}");
    }

    private static double[] Norms(string name) => Flow.ByStep(Network.All.Single(network => network.Name == name));
}
