using Engram.Backends;
using Engram.Tests.Autograd;

namespace Engram.Tests.Layers;

/// <summary>The worked example of how to add a cell.</summary>
public sealed class TutorialCellTests
{
    public static TheoryData<int, int, int, bool> Sizes()
    {
        var data = new TheoryData<int, int, int, bool>();
        foreach ((int batch, int steps, int units, bool masked) in RecurrentLayers.Sizes)
        {
            data.Add(batch, steps, units, masked);
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Gradients_of_any_size(int batch, int steps, int units, bool masked)
    {
        using Device device = GradientCheck.DoubleDevice();
        var layer = new TutorialLayer(units) { ReturnSequences = units % 2 == 0 };
        SequenceMask? mask = masked ? RecurrentLayers.Mask(batch, steps, batch == 1 ? 0 : units) : null;
        GradientCheck.Model(
            new Sequential(layer) { Device = device },
            (pass, x) =>
            {
                (Tensor output, LstmState state) = layer.Apply(pass, pass.Masked(x[0], mask), new LstmState(x[1], x[2]));
                Tensor sum = pass.Add(GradientCheck.Project(pass, output), GradientCheck.Project(pass, state.Hidden));
                return pass.Add(sum, pass.Scale(GradientCheck.Project(pass, state.Cell), 0.7));
            },
            new Shape(batch, steps, 2), new Shape(batch, units), new Shape(batch, units));
    }

    [Theory]
    [MemberData(nameof(Tiers.Widths), MemberType = typeof(Tiers))]
    public void The_sequence_1_2_3_gives_the_numbers_of_the_equations(int bits)
    {
        // W = (.2, .3), b = (.1, .1) and U = (.4, .5) element by element, shared by the gates; u has W alone; h₀ = (.5, .5), c₀ = (1, 1).
        using var device = new Device(CpuBackend.Create(1, Tiers.Require(bits)));
        var layer = new TutorialLayer(2) { ReturnSequences = true };
        var model = new Sequential(layer) { Device = device };
        model.Build(new Shape(3, 1));
        layer.Parameters[0].Set([.2f, .3f, .2f, .3f, .2f, .3f, .2f, .3f]);
        layer.Parameters[1].Set([.4f, 0, .4f, 0, .4f, 0, 0, .5f, 0, .5f, 0, .5f]);
        layer.Parameters[2].Set([.1f, .1f, .1f, .1f, .1f, .1f]);

        float[] hidden = model.Run(pass => layer.Apply(
            pass, Tensor.From([1, 2, 3], 1, 3, 1), new LstmState(Tensor.From([.5f, .5f], 1, 2), Tensor.From([1, 1], 1, 2))).Output.ToArray());

        double[] expected = [.247616, .297444, .233158, .332075, .307013, .438733];
        Assert.All(expected.Zip(hidden), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }
}
