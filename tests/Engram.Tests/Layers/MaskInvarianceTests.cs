using CsCheck;


namespace Engram.Tests.Layers;

/// <summary>Whatever steps a mask leaves out, every sequence gives what it gives alone: outputs, states and gradients.</summary>
public sealed class MaskInvarianceTests
{
    private static readonly Gen<(int Cell, bool Sequences, bool Backwards, bool[][] Pattern, int Units)> Cases = Gen.Select(
        Gen.Int[0, RecurrentLayers.Cells.Length - 1], Gen.Bool, Gen.Bool,
        Gen.Int[1, 9].SelectMany(steps => Gen.Bool.Array[steps].Array[1, 9]), Gen.Int[1, 20]);

    [Fact]
    public void Any_mask_equals_each_sequence_alone() => Cases.Sample(
        (cell, sequences, backwards, pattern, units) =>
        {
            int batch = pattern.Length, steps = pattern[0].Length;
            RecurrentLayer layer = RecurrentLayers.Create(RecurrentLayers.Cells[cell], units, sequences, backwards ? "backwards" : "plain");
            var model = new Sequential(layer);
            model.Build(new Shape(steps, 2));
            Tensor x = Tensor.Normal(new RandomStream(1), batch, steps, 2), h = Tensor.Normal(new RandomStream(2), batch, units), c = Tensor.Normal(new RandomStream(3), batch, units);
            Result together = Run(model, layer, x, h, c, SequenceMask.FromPattern(pattern.SelectMany(row => row).ToArray(), batch, steps));

            for (int row = 0; row < batch; row++)
            {
                int[] real = [.. Enumerable.Range(0, steps).Where(step => pattern[row][step])];
                float[] initial = Row(h, row);
                if (real.Length == 0)
                {
                    Assert.Equal(initial, Row(together.Hidden, row));
                    Assert.All(Row(together.XGradient, row), g => Assert.Equal(0, g));
                    continue;
                }
                float[] values = [.. real.SelectMany(step => Row(x, row).Skip(step * 2).Take(2))];
                Result alone = Run(
                    model, layer, Tensor.From(values, 1, real.Length, 2), Tensor.From(initial, 1, units), Tensor.From(Row(c, row), 1, units), null);
                Assert.Equal(alone.Hidden.ToArray(), Row(together.Hidden, row));
                Assert.Equal(alone.Cell, together.Cell.Length == 0 ? [] : together.Cell.AsSpan(row * units, units).ToArray());
                if (sequences)
                {
                    float[] outputs = Row(together.Output, row), expected = alone.Output.ToArray();
                    for (int i = 0; i < real.Length; i++)
                    {
                        Assert.Equal(expected.AsSpan(i * units, units).ToArray(), outputs.AsSpan(real[i] * units, units).ToArray());
                    }
                }
                float[] gradient = Row(together.XGradient, row), expectedGradient = alone.XGradient.ToArray();
                for (int step = 0; step < steps; step++)
                {
                    int place = Array.IndexOf(real, step);
                    for (int feature = 0; feature < 2; feature++)
                    {
                        // Alone, the sums of the gradient may be cut differently: not the same bits, but the same number.
                        float expected = place < 0 ? 0 : expectedGradient[place * 2 + feature];
                        Assert.Equal(expected, gradient[step * 2 + feature], 1e-5);
                    }
                }
            }
        },
        iter: 300);

    [Theory]
    [InlineData("lstm")]
    [InlineData("gru")]
    [InlineData("layer-norm")]
    public void Weight_gradients_are_the_sum_over_the_sequences_alone(string cell)
    {
        RecurrentLayer layer = RecurrentLayers.Create(cell, 5, sequences: true);
        var model = new Sequential(layer);
        model.Build(new Shape(6, 2));
        SequenceMask mask = RecurrentLayers.Mask(8, 6, 3);
        Tensor x = Tensor.Normal(new RandomStream(1), 8, 6, 2);

        double[][] together = WeightGradients(model, x, mask);
        double[][] sum = [.. together.Select(gradient => new double[gradient.Length])];
        for (int row = 0; row < 8; row++)
        {
            int[] real = mask.RealSteps(row).ToArray();
            if (real.Length == 0)
            {
                continue;
            }
            float[] values = [.. real.SelectMany(step => Row(x, row).Skip(step * 2).Take(2))];
            double[][] alone = WeightGradients(model, Tensor.From(values, 1, real.Length, 2), null);
            for (int i = 0; i < sum.Length; i++)
            {
                for (int j = 0; j < sum[i].Length; j++)
                {
                    sum[i][j] += alone[i][j];
                }
            }
        }
        for (int i = 0; i < sum.Length; i++)
        {
            Assert.All(sum[i].Zip(together[i]), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
        }
    }

    /// <summary>Gradients of Σ y² over real steps.</summary>
    private static double[][] WeightGradients(Model model, Tensor x, SequenceMask? mask) => model.Run(
        pass =>
        {
            Tensor y = model.Forward(pass, pass.Masked(pass.Input(x), mask));
            if (mask is not null)
            {
                float[] weights = new float[y.Shape.Count];
                for (int i = 0; i < weights.Length; i++)
                {
                    weights[i] = mask.Pattern[i / y.Shape[2]] ? 1 : 0;
                }
                y = pass.Multiply(y, pass.Input(weights, y.Shape));
            }
            pass.Backward(pass.Sum(pass.Multiply(y, y)));
            return model.Parameters.Select(parameter =>
            {
                double[] values = new double[parameter.Shape.Count];
                pass.Backend.Read(parameter.Gradient, values);
                parameter.HasGradient = false;
                return values;
            }).ToArray();
        },
        training: true);

    private static Result Run(Model model, RecurrentLayer layer, Tensor x, Tensor h, Tensor c, SequenceMask? mask) => model.Run(
        pass =>
        {
            Tensor input = pass.Input(x);
            pass.Watch(input);
            (Tensor output, Tensor hidden, Tensor cell) = layer.Apply(pass, pass.Masked(input, mask), pass.Input(h), pass.Input(c));
            pass.Backward(pass.Sum(pass.Multiply(hidden, hidden)));
            float[] gradient = new float[x.Shape.Count];
            pass.Backend.Read(Pass.TryGradient(input)!, gradient);
            return new Result(Copy(output), Copy(hidden), cell.Exists ? cell.ToArray() : [], Tensor.From(gradient, x.Shape.ToArray()));
        },
        training: true);

    private static Tensor Copy(Tensor tensor) => Tensor.From(tensor.ToArray(), tensor.Shape.ToArray());

    private static float[] Row(Tensor tensor, int row)
    {
        int size = (int)(tensor.Shape.Count / tensor.Shape[0]);
        return tensor.ToArray().AsSpan(row * size, size).ToArray();
    }

    private sealed record Result(Tensor Output, Tensor Hidden, float[] Cell, Tensor XGradient);
}
