using Engram.Tests.Training;

namespace Engram.Tests.Optimizers;

public sealed class ParameterGroupTests
{
    [Fact]
    public void The_first_group_that_contains_a_parameter_holds()
    {
        // One input of 1 and gradient 1 everywhere: kernels start at 1, biases at 0.
        Sequential model = Model();
        var optimizer = new Sgd(0.1)
        {
            WeightDecay = 0.5,
            Groups =
            [
                new ParameterGroup(p => p.Role == "bias") { WeightDecay = 0, LearningRateFactor = 2 },
                new ParameterGroup(p => p.LayerName == "dense_1") { Frozen = true },
                new ParameterGroup(_ => true) { LearningRateFactor = 3 },
            ],
        };
        SmallTraining.Step(model, optimizer);
        // first layer: kernel 1 − 0.3 · 0.5 − 0.3, bias 0 − 0.2; second: kernel frozen, bias 0 − 0.2
        Assert.Equal([0.55f, -0.2f, 1, -0.2f], model.Parameters.Select(parameter => parameter.ToArray()[0]), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Frozen_parameters_have_no_part_in_clipping()
    {
        Sequential model = Model();
        var optimizer = new Sgd(0.1) { ClipNorm = 1, Groups = [new ParameterGroup(p => p.Name != "dense.bias") { Frozen = true }] };
        SmallTraining.Step(model, optimizer);
        Assert.Equal([1, -0.1f, 1, 0], model.Parameters.Select(parameter => parameter.ToArray()[0]), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void Names_have_a_layer_and_a_role()
    {
        Parameter parameter = Model().Parameters[2];
        Assert.Equal(("dense_1.kernel", "dense_1", "kernel"), (parameter.Name, parameter.LayerName, parameter.Role));
    }

    [Fact]
    public void Impossible_numbers_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ParameterGroup(_ => true) { LearningRateFactor = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ParameterGroup(_ => true) { WeightDecay = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd { WeightDecay = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdamW(weightDecay: -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RmsProp(decay: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RmsProp(momentum: 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Adagrad(epsilon: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Nadam(beta1: -0.1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AveragedSgd(averageFrom: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AveragedSgd { NonMonotoneInterval = 0 });
    }

    private static Sequential Model()
    {
        var model = new Sequential(new Dense(1) { KernelInitializer = Initializer.Of(1) }, new Dense(1) { KernelInitializer = Initializer.Of(1) });
        model.Build(new Shape(1));
        return model;
    }
}
