using Engram.Tests.Autograd;

namespace Engram.Tests.Ops;

public sealed class OperationsGradientTests
{
    private static readonly Shape Small = new(3, 5);

    [Fact]
    public void Add() => GradientCheck.Function((pass, x) => pass.Add(x[0], x[1]), Small, Small);

    [Fact]
    public void Add_of_a_tensor_to_itself() => GradientCheck.Function((pass, x) => pass.Add(x[0], x[0]), Small);

    [Fact]
    public void Subtract() => GradientCheck.Function((pass, x) => pass.Subtract(x[0], x[1]), Small, Small);

    [Fact]
    public void Multiply() => GradientCheck.Function((pass, x) => pass.Multiply(x[0], x[1]), Small, Small);

    [Fact]
    public void Multiply_of_a_tensor_by_itself() => GradientCheck.Function((pass, x) => pass.Multiply(x[0], x[0]), Small);

    [Fact]
    public void Scale() => GradientCheck.Function((pass, x) => pass.Scale(x[0], -2.5), Small);

    [Fact]
    public void Reshape() => GradientCheck.Function((pass, x) => pass.Multiply(pass.Reshape(x[0], new Shape(5, 3)), x[1]), Small, new Shape(5, 3));

    [Fact]
    public void Sum() => GradientCheck.Function((pass, x) => pass.Multiply(pass.Sum(x[0]), pass.Sum(x[1])), Small, new Shape(4));

    [Fact]
    public void Mean() => GradientCheck.Function((pass, x) => pass.Multiply(pass.Mean(x[0]), pass.Mean(x[0])), Small);

    [Theory]
    [InlineData(Activation.Linear)]
    [InlineData(Activation.Sigmoid)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.ReLU)]
    [InlineData(Activation.Softmax)]
    public void Activate(Activation activation) =>
        GradientCheck.Function((pass, x) => pass.Multiply(pass.Activate(x[0], activation), x[1]), new Shape(4, 37), new Shape(4, 37));

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(7, 3, 5)]
    [InlineData(2, 65, 17)]
    [InlineData(13, 5, 70)]
    public void Linear(int rows, int inputs, int outputs) =>
        GradientCheck.Function((pass, x) => pass.Linear(x[0], x[1], x[2]), new Shape(rows, inputs), new Shape(inputs, outputs), new Shape(outputs));

    [Fact]
    public void Linear_with_weights_or_bias_that_stay_as_they_are()
    {
        Tensor weights = Tensor.Normal(new RandomStream(1), 4, 3), bias = Tensor.Normal(new RandomStream(2), 3);
        GradientCheck.Function((pass, x) => pass.Linear(x[0], weights, x[1]), new Shape(5, 4), new Shape(3));
        GradientCheck.Function((pass, x) => pass.Linear(x[0], x[1], bias), new Shape(5, 4), new Shape(4, 3));
    }

    [Fact]
    public void Linear_on_every_step_without_bias() =>
        GradientCheck.Function((pass, x) => pass.Linear(x[0], x[1]), new Shape(2, 6, 4), new Shape(4, 3));

    [Fact]
    public void Dropout() => GradientCheck.Function((pass, x) => pass.Dropout(x[0], 0.4, new RandomStream(3)), new Shape(6, 20));
}
