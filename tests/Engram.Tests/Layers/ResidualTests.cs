using Engram.Tests.Autograd;

namespace Engram.Tests.Layers;

public sealed class ResidualTests
{
    [Fact]
    public void Gradients()
    {
        using Device device = GradientCheck.DoubleDevice();
        GradientCheck.Model(
            new Sequential(new Residual(new Lstm(3) { ReturnSequences = true }), new Residual(new Dense(3, Activation.Tanh))) { Device = device }, new Shape(2, 4, 3));
    }

    [Fact]
    public void A_layer_that_changes_the_shape_is_refused()
    {
        var model = new Sequential(new Residual(new Lstm(3)));
        Assert.Contains("[1, 4, 3]", Assert.Throws<ShapeException>(() => model.Build(new Shape(4, 3))).Message, StringComparison.Ordinal);
    }
}
