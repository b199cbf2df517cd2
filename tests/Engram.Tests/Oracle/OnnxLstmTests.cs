using CsCheck;

namespace Engram.Tests.Oracle;

/// <summary>The oracle itself, held against the textbook: whatever is tested with it must be able to rely on it.</summary>
public sealed class OnnxLstmTests
{
    private const double Tolerance = 1e-5;

    private static readonly Gen<(int Batch, int Time, int Inputs, int[] Units, bool Hidden, bool Cell, uint Seed)> GenCase =
        Gen.Select(Gen.Int[1, 4], Gen.Int[1, 6], Gen.Int[1, 4], Gen.Int[1, 5].Array[1, 3], Gen.Bool, Gen.Bool, Gen.UInt);

    [Fact]
    public void One_unit_and_one_step_by_hand()
    {
        // i = σ(1·0.5 + 0.1), f = σ(2·0.5 + 0.2), g = tanh(3·0.5 + 0.3), o = σ(4·0.5 + 0.4) with h = 0 and c = 0.25 before:
        // c' = 0.768525·0.25 + 0.645656·0.946806 = 0.803442; h' = 0.916827·tanh(0.803442) = 0.610567.
        OnnxLstmLayer layer = new(1, 1, [1f, 2f, 3f, 4f], [9f, 9f, 9f, 9f], [0.1f, 0.2f, 0.3f, 0.4f], InitialCell: [0.25f]);

        OnnxLstmResult result = OnnxLstm.Run([0.5f], 1, 1, layer)[0];

        Assert.Equal(0.803442, result.FinalCell[0], 1e-6);
        Assert.Equal(0.610567, result.FinalHidden[0], 1e-6);
        Assert.Equal(result.FinalHidden, result.Output);
    }

    [Fact]
    public void Stacked_layers_of_any_shape_follow_the_textbook_equations() =>
        GenCase.Sample(
            (batch, time, inputs, units, hidden, cell, seed) =>
            {
                Random random = new((int)(seed & int.MaxValue));
                float[] x = Draw(random, batch * time * inputs);
                OnnxLstmLayer[] layers =
                [
                    .. units.Select((size, i) => new OnnxLstmLayer(
                        i == 0 ? inputs : units[i - 1],
                        size,
                        Draw(random, (i == 0 ? inputs : units[i - 1]) * 4 * size),
                        Draw(random, size * 4 * size),
                        Draw(random, 4 * size),
                        hidden ? Draw(random, batch * size) : null,
                        cell ? Draw(random, batch * size) : null)),
                ];

                OnnxLstmResult[] results = OnnxLstm.Run(x, batch, time, layers);

                double[] sequence = [.. x.Select(value => (double)value)];
                for (int i = 0; i < layers.Length; i++)
                {
                    (double[] output, double[] lastHidden, double[] lastCell) = Textbook(sequence, batch, time, layers[i]);
                    AssertClose(output, results[i].Output);
                    AssertClose(lastHidden, results[i].FinalHidden);
                    AssertClose(lastCell, results[i].FinalCell);
                    sequence = output;
                }
            },
            iter: 100);

    /// <summary>i, f, o = σ(xW + hU + b), g = tanh(xW + hU + b), c' = f⊙c + i⊙g, h' = o⊙tanh c', one number at a time.</summary>
    private static (double[] Output, double[] Hidden, double[] Cell) Textbook(double[] x, int batch, int time, OnnxLstmLayer layer)
    {
        (int inputs, int units) = (layer.Inputs, layer.Units);
        double[] output = new double[batch * time * units];
        double[] h = [.. (layer.InitialHidden ?? new float[batch * units]).Select(value => (double)value)];
        double[] c = [.. (layer.InitialCell ?? new float[batch * units]).Select(value => (double)value)];
        for (int row = 0; row < batch; row++)
        {
            for (int t = 0; t < time; t++)
            {
                double[] before = h[(row * units)..((row + 1) * units)];
                for (int unit = 0; unit < units; unit++)
                {
                    int at = (row * units) + unit;
                    double i = Sigmoid(PreActivation(0));
                    double f = Sigmoid(PreActivation(1));
                    double g = Math.Tanh(PreActivation(2));
                    double o = Sigmoid(PreActivation(3));
                    c[at] = (f * c[at]) + (i * g);
                    h[at] = o * Math.Tanh(c[at]);
                    output[(((row * time) + t) * units) + unit] = h[at];

                    double PreActivation(int gate)
                    {
                        int column = (gate * units) + unit;
                        double sum = layer.Bias[column];
                        for (int k = 0; k < inputs; k++)
                        {
                            sum += x[(((row * time) + t) * inputs) + k] * layer.Kernel[(k * 4 * units) + column];
                        }
                        for (int k = 0; k < units; k++)
                        {
                            sum += before[k] * layer.RecurrentKernel[(k * 4 * units) + column];
                        }
                        return sum;
                    }
                }
            }
        }
        return (output, h, c);
    }

    private static double Sigmoid(double value) => 1 / (1 + Math.Exp(-value));

    private static float[] Draw(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];

    private static void AssertClose(double[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], Tolerance);
        }
    }
}
