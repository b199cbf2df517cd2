namespace Engram.Tests.Optimizers;

/// <summary>One weight, w = 1, loss 3 w, so the gradient is 3 at every step; by pocket calculator.</summary>
public sealed class OptimizerTests
{
    [Fact]
    public void Plain_sgd() => Assert.Equal([0.7f, 0.4f, 0.1f], Steps(new Sgd(0.1)), Near);

    [Fact]
    public void Momentum() =>
        // v = −0.3, −0.57, −0.813
        Assert.Equal([0.7f, 0.13f, -0.683f], Steps(new Sgd(0.1, 0.9)), Near);

    [Fact]
    public void Nesterov() =>
        // moves 0.9 v − 0.3 with v = −0.3, −0.57, −0.813
        Assert.Equal([0.43f, -0.383f, -1.4147f], Steps(new Sgd(0.1, 0.9, nesterov: true)), Near);

    [Fact]
    public void Adam_takes_steps_of_its_rate_where_the_gradient_is_steady() =>
        Assert.Equal([0.9f, 0.8f, 0.7f], Steps(new Adam(0.1)), Near);

    [Fact]
    public void Clipping_by_norm_shortens_the_gradient() => Assert.Equal([0.95f, 0.9f, 0.85f], Steps(new Sgd(0.1) { ClipNorm = 0.5 }), Near);

    [Fact]
    public void Clipping_by_norm_leaves_a_short_gradient_alone() => Assert.Equal([0.7f, 0.4f, 0.1f], Steps(new Sgd(0.1) { ClipNorm = 4 }), Near);

    [Fact]
    public void Clipping_by_value() => Assert.Equal([0.8f, 0.6f, 0.4f], Steps(new Sgd(0.1) { ClipValue = 2 }), Near);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void Clipping_to_nothing_is_refused(double bound)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam { ClipNorm = bound });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam { ClipValue = bound });
    }

    [Fact]
    public void A_frozen_parameter_stays()
    {
        (Sequential model, Parameter weight) = OneWeight();
        weight.IsTrainable = false;
        Assert.Throws<InvalidOperationException>(() => Step(model, new Sgd(0.1)));
        Assert.Equal(1, weight.ToArray()[0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Impossible_rates_are_refused(double rate) => Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(rate));

    [Fact]
    public void Impossible_momenta_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(0.1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(0.1, 0, nesterov: true));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adam(0.1, beta2: 1));
    }

    private static bool Near(float expected, float actual) => Math.Abs(expected - actual) < 1e-5;

    private static float[] Steps(Optimizer optimizer)
    {
        (Sequential model, Parameter weight) = OneWeight();
        float[] values = new float[3];
        for (int i = 0; i < values.Length; i++)
        {
            Step(model, optimizer);
            values[i] = weight.ToArray()[0];
        }
        return values;
    }

    private static (Sequential Model, Parameter Weight) OneWeight()
    {
        var model = new Sequential(new Dense(1) { UseBias = false, KernelInitializer = Initializer.Of(1) });
        model.Build(new Shape(1));
        return (model, model.Parameters[0]);
    }

    private static void Step(Sequential model, Optimizer optimizer)
    {
        model.Run(
            pass =>
            {
                pass.Backward(pass.Sum(model.Forward(pass, pass.Input(Tensor.From([3f], 1, 1)))));
                return 0;
            },
            training: true);
        optimizer.Step(model);
    }
}
