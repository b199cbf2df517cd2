using Engram.Training;

namespace Engram.Tests.Regularizers;

public sealed class WeightConstraintTests
{
    [Fact]
    public void The_weights_that_lead_to_a_unit_are_shortened_after_a_step()
    {
        // 2 inputs, 70 units: columns (3, 4) and (0.3, 0.4) by turns; a step so small that it changes nothing
        var model = new Sequential(new Dense(70) { KernelConstraint = WeightConstraint.MaxNorm(1), BiasConstraint = WeightConstraint.MaxNorm(2) });
        model.Build(new Shape(2));
        model.Parameters[0].Set([.. Enumerable.Range(0, 140).Select(i => (i % 2 == 0 ? 1 : 0.1f) * (i < 70 ? 3 : 4))]);
        model.Parameters[1].Set([.. Enumerable.Repeat(1f, 70)]);
        Step(model, Tensor.Normal(new RandomStream(1), 1, 2));

        float[] kernel = model.Parameters[0].ToArray();
        for (int unit = 0; unit < 70; unit++)
        {
            (double a, double b) = unit % 2 == 0 ? (0.6, 0.8) : (0.3, 0.4);
            Assert.Equal(a, kernel[unit], 1e-6);
            Assert.Equal(b, kernel[70 + unit], 1e-6);
        }
        Assert.Equal(4, model.Parameters[1].ToArray().Sum(w => (double)w * w), 1e-5);
    }

    [Fact]
    public void Of_embeddings_each_row_is_bounded()
    {
        var model = new Sequential(new Embedding(3, 2) { KernelConstraint = WeightConstraint.MaxNorm(1) });
        model.Build(new Shape(2));
        model.Parameters[0].Set([3f, 4, 0.3f, 0.4f, 0, 5]);
        Step(model, Tensor.From([0f, 1], 1, 2));
        Assert.Equal([0.6f, 0.8f, 0.3f, 0.4f, 0, 1], model.Parameters[0].ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Recurrent_weights_stay_bounded_all_through_training()
    {
        var model = new Sequential(new SimpleRnn(6) { RecurrentConstraint = WeightConstraint.MaxNorm(0.5) }, new Dense(1));
        model.Compile(new Adam(0.05), Loss.MeanSquaredError);
        model.Fit(Tensor.Normal(new RandomStream(1), 32, 5, 2), Tensor.Normal(new RandomStream(2), 32, 1), new FitOptions { Epochs = 5 });
        float[] weights = model.Parameters.Single(parameter => parameter.Role == "recurrent_kernel").ToArray();
        Assert.All(Enumerable.Range(0, 6), unit => Assert.InRange(Math.Sqrt(weights.Where((_, i) => i % 6 == unit).Sum(w => (double)w * w)), 0, 0.5 + 1e-6));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void A_bound_of_nothing_is_refused(double maximum) => Assert.Throws<ArgumentOutOfRangeException>(() => WeightConstraint.MaxNorm(maximum));

    private static void Step(Sequential model, Tensor x)
    {
        model.Run(
            pass =>
            {
                pass.Backward(pass.Sum(model.Forward(pass, pass.Input(x))));
                return 0;
            },
            training: true);
        new Sgd(1e-12).Step(model);
    }
}
