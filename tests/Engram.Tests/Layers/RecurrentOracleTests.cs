using CsCheck;
using Engram.Tests.Oracle;

namespace Engram.Tests.Layers;

/// <summary>
/// Recurrent layers against ONNX Runtime, over random shapes, weights, states, directions and lengths. Past the end of a sequence ONNX
/// Runtime puts out zeros where Engram repeats the state, and where a sequence has no step it forgets the initial state that Engram
/// keeps: compared are real steps, and the final states of sequences that have some.
/// </summary>
public sealed class RecurrentOracleTests
{
    private static readonly string[] _directions = ["forward", "reverse", "bidirectional"];

    private static readonly Gen<Case> _cases =
        from batch in Gen.Int[1, 9]
        from steps in Gen.Int[1, 12]
        from inputs in Gen.Int[1, 8]
        from units in Gen.Int[1, 40]
        from direction in Gen.Int[0, 2].Select(i => _directions[i])
        from hasLengths in Gen.Bool
        from lengths in Gen.Int[0, steps].Array[batch]
        from hasState in Gen.Bool
        from clip in Gen.Float[-2, 3].Select(value => value < 0.1f ? null : (float?)value)
        from seed in Gen.Int[0, 1000]
        select new Case(batch, steps, inputs, units, direction, hasLengths ? lengths : null, hasState, clip, seed);

    public static TheoryData<string> Cells => [.. RecurrentLayers.Cells.Where(cell => cell != "layer-norm")];

    [Theory]
    [MemberData(nameof(Cells))]
    public void Outputs_and_states_equal_those_of_onnx_runtime(string cell) => _cases.Sample(@case => Compare(cell, @case), iter: 120);

    [Theory]
    [MemberData(nameof(Cells))]
    public void Bidirectional_layers_equal_the_operator_of_both_directions(string cell) =>
        Gen.Select(_cases, Gen.Bool, Gen.Enum<BidirectionalMerge>()).Sample((@case, sequences, merge) => CompareBothDirections(cell, @case, sequences, merge), iter: 60);

    private static void CompareBothDirections(string name, Case @case, bool sequences, BidirectionalMerge merge)
    {
        (int batch, int steps, int inputs, int units, _, int[]? lengths, _, float? clip, int seed) = @case;
        RandomStream random = new RandomStream(seed).Derive("both");
        Tensor x = Tensor.Normal(random.Derive("x"), batch, steps, inputs);
        var layer = new Bidirectional(RecurrentLayers.Create(name, units, sequences, clip: clip ?? double.PositiveInfinity), merge);
        var model = new Sequential(layer);
        Build(model, layer, steps, inputs, random);
        Tensor actual = lengths is null ? model.Predict(x) : model.Predict(x, SequenceMask.FromLengths(lengths, steps));

        OnnxResult[] expected = OnnxRecurrent.Run(
            CellOf(name), "bidirectional", x.ToArray(), batch, steps, lengths, clip, WeightsOf(layer.Forwards, inputs), WeightsOf(layer.Backwards, inputs));

        int count = sequences ? steps : 1;
        float[] forth = sequences ? expected[0].Output : expected[0].FinalHidden, back = sequences ? expected[1].Output : expected[1].FinalHidden;
        for (int row = 0; row < batch; row++)
        {
            for (int step = 0; step < (sequences ? lengths?[row] ?? steps : 1); step++)
            {
                int place = row * count + step;
                float[] f = forth[(place * units)..((place + 1) * units)], b = back[(place * units)..((place + 1) * units)];
                float[] merged = merge switch
                {
                    BidirectionalMerge.Concatenate => [.. f, .. b],
                    BidirectionalMerge.Sum => [.. f.Zip(b, (x, y) => x + y)],
                    _ => [.. f.Zip(b, (x, y) => (x + y) / 2)],
                };
                AssertClose($"row {row} step {step}", merged, actual.ToArray()[(place * merged.Length)..((place + 1) * merged.Length)]);
            }
        }
    }

    private static OnnxCell CellOf(string name) => name switch
    {
        "coupled" => OnnxCell.CoupledLstm,
        "gru" => OnnxCell.Gru,
        "gru-reset-before" => OnnxCell.GruResetBefore,
        "rnn" => OnnxCell.TanhRnn,
        "rnn-relu" => OnnxCell.ReluRnn,
        _ => OnnxCell.Lstm,
    };

    private static void Compare(string name, Case @case)
    {
        OnnxCell cell = CellOf(name);
        (int batch, int steps, int inputs, int units, string direction, int[]? lengths, bool hasState, float? clip, int seed) = @case;
        Tensor x = Tensor.Normal(new RandomStream(seed).Derive("x"), batch, steps, inputs);
        bool[] backwards = direction == "bidirectional" ? [false, true] : [direction == "reverse"];
        (OnnxWeights Weights, OnnxResult Result)[] engram =
            [.. backwards.Select(back => Run(name, x, lengths, units, back, hasState, clip, new RandomStream(seed).Derive(back ? "back" : "forth")))];

        OnnxResult[] expected = OnnxRecurrent.Run(cell, direction, x.ToArray(), batch, steps, lengths, clip, [.. engram.Select(side => side.Weights)]);

        for (int side = 0; side < expected.Length; side++)
        {
            (OnnxWeights weights, OnnxResult actual) = engram[side];
            for (int row = 0; row < batch; row++)
            {
                int length = lengths?[row] ?? steps;
                string where = $"{(backwards[side] ? "reverse" : "forward")} row {row}";
                AssertClose($"{where} output", Row(expected[side].Output, row)[..(length * units)], Row(actual.Output, row)[..(length * units)]);
                AssertClose($"{where} hidden", length == 0 ? Initial(weights.InitialHidden, row) : Row(expected[side].FinalHidden, row), Row(actual.FinalHidden, row));
                if (cell.HasCell)
                {
                    AssertClose($"{where} cell", length == 0 ? Initial(weights.InitialCell, row) : Row(expected[side].FinalCell, row), Row(actual.FinalCell, row));
                }
            }
        }

        float[] Initial(float[]? state, int row) => state is null ? new float[units] : Row(state, row);

        float[] Row(float[] values, int row)
        {
            int size = values.Length / batch;
            return values[(row * size)..((row + 1) * size)];
        }
    }

    /// <summary>A layer with random weights, biases, peepholes and states, and what it gives.</summary>
    private static (OnnxWeights Weights, OnnxResult Result) Run(
        string cell, Tensor x, int[]? lengths, int units, bool backwards, bool hasState, float? clip, RandomStream random)
    {
        (int batch, int steps, int inputs) = (x.Shape[0], x.Shape[1], x.Shape[2]);
        RecurrentLayer layer = RecurrentLayers.Create(cell, units, sequences: true, backwards ? "backwards" : "plain", clip ?? double.PositiveInfinity);
        var model = new Sequential(layer);
        Build(model, layer, steps, inputs, random);
        Tensor h = Tensor.Normal(random.Derive("h"), batch, units), c = Tensor.Normal(random.Derive("c"), batch, units);
        SequenceMask? mask = lengths is null ? null : SequenceMask.FromLengths(lengths, steps);

        OnnxResult result = model.Run(pass =>
        {
            (Tensor y, Tensor hidden, Tensor cellState) = layer.Apply(
                pass, pass.Masked(pass.Input(x), mask), hasState ? pass.Input(h) : default, hasState ? pass.Input(c) : default);
            return new OnnxResult(y.ToArray(), hidden.ToArray(), cellState.Exists ? cellState.ToArray() : []);
        });

        return (WeightsOf(layer, inputs) with { InitialHidden = hasState ? h.ToArray() : null, InitialCell = hasState ? c.ToArray() : null }, result);
    }

    /// <summary>Makes random weights; biases and peepholes too, which would be zeros.</summary>
    private static void Build(Sequential model, Layer layer, int steps, int inputs, RandomStream random)
    {
        model.Build(new Shape(steps, inputs), seed: (int)random.Derive("weights").Bits(0));
        foreach (Parameter parameter in layer.Parameters.Where(parameter => parameter.Role is not ("kernel" or "recurrent_kernel")))
        {
            parameter.Set(Tensor.Normal(random.Derive(parameter.Name), [.. parameter.Shape.ToArray()]).ToArray());
        }
    }

    private static OnnxWeights WeightsOf(RecurrentLayer layer, int inputs)
    {
        float[][] values = [.. layer.Parameters.Select(parameter => parameter.ToArray())];
        return new OnnxWeights(inputs, layer.Units, values[0], values[1], values[2], values.Length > 3 ? values[3] : null);
    }

    private static void AssertClose(string what, float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            double allowed = 1e-5 * Math.Max(1, Math.Abs(expected[i]));
            Assert.True(Math.Abs(expected[i] - actual[i]) <= allowed, $"{what}[{i}]: expected {expected[i]}, got {actual[i]}");
        }
    }

    private sealed record Case(int Batch, int Steps, int Inputs, int Units, string Direction, int[]? Lengths, bool HasState, float? Clip, int Seed)
    {
        public override string ToString() =>
            $"batch {Batch}, {Steps} steps, {Inputs} inputs, {Units} units, {Direction}, {(HasState ? "from a state" : "from zeros")}, clip {Clip}, seed {Seed}, "
            + (Lengths is null ? "all steps" : $"lengths {string.Join(' ', Lengths)}");
    }
}
