using Engram.Tests.Oracle.Onnx;

namespace Engram.Tests.Oracle;

/// <summary>
/// Recurrent layers computed by ONNX Runtime, an implementation that shares nothing with Engram's.
/// Operators: https://onnx.ai/onnx/operators/onnx__LSTM.html, onnx__GRU.html, onnx__RNN.html.
/// </summary>
internal static class OnnxRecurrent
{
    /// <summary>For each peephole of ONNX, in its order i, o, f: the place of the same in Engram's order i, f, o.</summary>
    private static readonly int[] Peepholes = [0, 2, 1];

    /// <summary>Runs a layer.</summary>
    /// <param name="cell">The operator.</param>
    /// <param name="direction">forward, reverse or bidirectional.</param>
    /// <param name="x">The input, <c>[batch, time, inputs]</c>.</param>
    /// <param name="batch">Sequences.</param>
    /// <param name="time">Steps of each.</param>
    /// <param name="lengths">Real steps of each, counted from the first; all where left out.</param>
    /// <param name="clip">What activations take is clipped to plus or minus this.</param>
    /// <param name="weights">Weights and states of each direction, forward first.</param>
    /// <returns>What each direction gave.</returns>
    public static OnnxResult[] Run(
        OnnxCell cell, string direction, ReadOnlySpan<float> x, int batch, int time, int[]? lengths, float? clip, params OnnxWeights[] weights)
    {
        OnnxGraph graph = new();
        (int inputs, int units, int directions, int blocks) = (weights[0].Inputs, weights[0].Units, weights.Length, cell.Blocks.Length);
        List<string> given =
        [
            graph.Input("X", SwapOuter(x, batch, time, inputs), time, batch, inputs),
            graph.Constant("W", [.. weights.SelectMany(w => Columns(w.Kernel, cell.Blocks, units))], directions, blocks * units, inputs),
            graph.Constant("R", [.. weights.SelectMany(w => Columns(w.RecurrentKernel, cell.Blocks, units))], directions, blocks * units, units),
            graph.Constant("B", [.. weights.SelectMany(w => Columns(w.Bias, [.. cell.InputBias, .. cell.RecurrentBias], units))], directions, 2 * blocks * units),
            lengths is null ? "" : graph.Constant32("sequence_lens", lengths),
            State("initial_h", weights => weights.InitialHidden),
        ];
        List<string> outputs = ["Y", "Y_h"];
        if (cell.HasCell)
        {
            given.Add(State("initial_c", weights => weights.InitialCell));
            given.Add(weights[0].Peepholes is null ? ""
                : graph.Constant("P", [.. weights.SelectMany(w => Columns(w.Peepholes!, Peepholes, units))], directions, 3 * units));
            outputs.Add("Y_c");
        }
        graph.Node(cell.Operator, [.. given], [.. outputs], [OnnxGraph.Number("hidden_size", units), OnnxGraph.Word("direction", direction), .. Clip(), .. cell.Attributes(directions)]);
        graph.Output("Y", time, directions, batch, units);
        foreach (string state in outputs.Skip(1))
        {
            graph.Output(state, directions, batch, units);
        }

        Dictionary<string, float[]> results = graph.Run();
        float[] y = SwapOuter(results["Y"], time, directions, batch * units);
        return [.. Enumerable.Range(0, directions).Select(i => new OnnxResult(
            SwapOuter(Part(y, i), time, batch, units), Part(results["Y_h"], i), cell.HasCell ? Part(results["Y_c"], i) : []))];

        AttributeProto[] Clip() => clip is { } bound ? [OnnxGraph.Real("clip", bound)] : [];

        string State(string name, Func<OnnxWeights, float[]?> values) =>
            values(weights[0]) is null ? "" : graph.Input(name, [.. weights.SelectMany(w => values(w)!)], directions, batch, units);

        float[] Part(float[] values, int direction)
        {
            int size = values.Length / directions;
            return values[(direction * size)..((direction + 1) * size)];
        }
    }

    /// <summary>Engram's <c>[rows, blocks]</c> as ONNX' <c>[blocks, rows]</c>, for the blocks wanted.</summary>
    private static float[] Columns(float[] weights, int[] blocks, int units)
    {
        int known = blocks.Max() + 1, rows = weights.Length / (known * units);
        float[] columns = new float[blocks.Length * units * rows];
        for (int block = 0; block < blocks.Length; block++)
        {
            for (int unit = 0; unit < units && blocks[block] >= 0; unit++)
            {
                for (int row = 0; row < rows; row++)
                {
                    columns[(((block * units) + unit) * rows) + row] = weights[(row * known * units) + (blocks[block] * units) + unit];
                }
            }
        }
        return columns;
    }

    /// <summary><c>[outer, inner, size]</c> as <c>[inner, outer, size]</c>.</summary>
    private static float[] SwapOuter(ReadOnlySpan<float> values, int outer, int inner, int size)
    {
        float[] swapped = new float[values.Length];
        for (int i = 0; i < outer; i++)
        {
            for (int j = 0; j < inner; j++)
            {
                values.Slice(((i * inner) + j) * size, size).CopyTo(swapped.AsSpan(((j * outer) + i) * size));
            }
        }
        return swapped;
    }
}
