using Engram.Tests.Autograd;

namespace Engram.Tests.Layers;

/// <summary>
/// Every recurrent layer and variant through the gradient checker, with and without masks; that with ReLU has kinks, see
/// <see cref="ReluRnnGradientTests"/>.
/// </summary>
public sealed class RecurrentGradientTests
{
    public static TheoryData<string, int, int, int, bool> Sizes()
    {
        var data = new TheoryData<string, int, int, int, bool>();
        foreach (string cell in RecurrentLayers.Cells.Where(cell => cell != "rnn-relu"))
        {
            foreach ((int batch, int steps, int units, bool masked) in RecurrentLayers.Sizes)
            {
                data.Add(cell, batch, steps, units, masked);
            }
        }
        return data;
    }

    public static TheoryData<string, string, bool> Combinations()
    {
        var data = new TheoryData<string, string, bool>();
        foreach (string cell in RecurrentLayers.Cells)
        {
            foreach (string feature in RecurrentLayers.Features.Where(feature => RecurrentLayers.Has(cell, feature)))
            {
                data.Add(cell, feature, false);
                data.Add(cell, feature, true);
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Layer_of_any_size(string cell, int batch, int steps, int units, bool masked)
    {
        using Device device = GradientCheck.DoubleDevice();
        RecurrentLayer layer = RecurrentLayers.Create(cell, units, sequences: steps % 2 == 0);
        Check(device, layer, masked ? RecurrentLayers.Mask(batch, steps, batch == 1 ? 0 : units) : null, new Shape(batch, steps, 2));
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Feature_with_states(string cell, string feature, bool masked)
    {
        using Device device = GradientCheck.DoubleDevice();
        foreach (bool sequences in (bool[])[false, true])
        {
            RecurrentLayer layer = RecurrentLayers.Create(cell, cell == "rnn-relu" ? 3 : sequences ? 6 : 10, sequences, feature); // 10 are a vector and two narrow columns
            int batch = cell == "rnn-relu" ? 2 : 5, steps = cell == "rnn-relu" ? 2 : 4;
            SequenceMask? mask = masked ? RecurrentLayers.Mask(batch, steps, 1) : null;
            GradientCheck.Model(
                new Sequential(layer) { Device = device },
                (pass, x) =>
                {
                    (Tensor output, Tensor hidden, Tensor cellState) = layer.Apply(pass, pass.Masked(x[0], mask), x[1], x[2]);
                    Tensor sum = pass.Add(GradientCheck.Project(pass, output), GradientCheck.Project(pass, hidden));
                    return cellState.Exists ? pass.Add(sum, pass.Scale(GradientCheck.Project(pass, cellState), 0.7)) : sum;
                },
                new Shape(batch, steps, 3), new Shape(batch, layer.OutputSize), new Shape(batch, layer.Units));
        }
    }

    [Theory]
    [MemberData(nameof(Tiers.Widths), MemberType = typeof(Tiers))]
    public void Every_cell_in_every_instruction_tier(int bits)
    {
        using Device device = GradientCheck.DoubleDevice(Tiers.Require(bits), threads: 1);
        foreach (string cell in RecurrentLayers.Cells.Where(cell => cell != "rnn-relu"))
        {
            Check(device, RecurrentLayers.Create(cell, 9, sequences: true), RecurrentLayers.Mask(4, 5), new Shape(4, 5, 3));
        }
    }

    private static void Check(Device device, RecurrentLayer layer, SequenceMask? mask, Shape shape) => GradientCheck.Model(
        new Sequential(layer) { Device = device },
        (pass, x) => GradientCheck.Project(pass, layer.Apply(pass, pass.Masked(x[0], mask))), shape);
}
