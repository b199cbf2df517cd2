using CsCheck;
using Engram.Tests.Oracle;

namespace Engram.Tests.Layers;

/// <summary>The layer against ONNX Runtime, over random shapes, weights and states.</summary>
public sealed class LstmOracleTests
{
    [Fact]
    public void Outputs_and_states_equal_those_of_onnx_runtime() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 20], Gen.Int[1, 6], Gen.Int[1, 40], Gen.Bool, Gen.Int[0, 1000])
            .Sample((batch, steps, features, units, hasState, seed) => Compare(batch, steps, features, units, hasState, seed), iter: 150);

    private static void Compare(int batch, int steps, int features, int units, bool hasState, int seed)
    {
        var random = new RandomStream(seed);
        Tensor x = Tensor.Normal(random.Derive("x"), batch, steps, features);
        Tensor h = Tensor.Normal(random.Derive("h"), batch, units), c = Tensor.Normal(random.Derive("c"), batch, units);
        var layer = new Lstm(units) { ReturnSequences = true };
        var model = new Sequential(layer);
        model.Build(new Shape(steps, features), seed);
        layer.Parameters[2].Set(Tensor.Normal(random.Derive("b"), 4 * units).ToArray());

        (float[] output, float[] hidden, float[] cell) = model.Run(pass =>
        {
            (Tensor y, LstmState end) = layer.Apply(pass, x, hasState ? new LstmState(h, c) : null);
            return (y.ToArray(), end.Hidden.ToArray(), end.Cell.ToArray());
        });

        float[][] weights = [.. layer.Parameters.Select(parameter => parameter.ToArray())];
        OnnxLstmResult expected = Assert.Single(OnnxLstm.Run(x.ToArray(), batch, steps, new OnnxLstmLayer(
            features, units, weights[0], weights[1], weights[2], hasState ? h.ToArray() : null, hasState ? c.ToArray() : null)));
        AssertClose(expected.Output, output);
        AssertClose(expected.FinalHidden, hidden);
        AssertClose(expected.FinalCell, cell);
    }

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-5, $"element {i}: expected {expected[i]}, got {actual[i]}");
        }
    }
}
