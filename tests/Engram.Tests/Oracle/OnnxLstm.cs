namespace Engram.Tests.Oracle;

/// <summary>
/// LSTM layers computed by ONNX Runtime, an implementation that shares nothing with Engram's.
/// Operator: https://onnx.ai/onnx/operators/onnx__LSTM.html.
/// </summary>
internal static class OnnxLstm
{
    /// <summary>For each gate block of ONNX, in its order i, o, f, c: the place of the same block in Engram's order i, f, g, o.</summary>
    private static readonly int[] Blocks = [0, 3, 1, 2];

    /// <summary>Runs stacked layers, each fed with the whole output sequence of the one before.</summary>
    /// <param name="x">The input of the first layer, <c>[batch, time, inputs]</c>.</param>
    /// <param name="batch">Sequences.</param>
    /// <param name="time">Steps of each.</param>
    /// <param name="layers">The layers, first one first.</param>
    /// <returns>What each layer gave.</returns>
    public static OnnxLstmResult[] Run(ReadOnlySpan<float> x, int batch, int time, params OnnxLstmLayer[] layers)
    {
        OnnxGraph graph = new();
        int features = layers[0].Inputs;
        string value = graph.Input("x", SwapBatchAndTime(x, batch, time, features), time, batch, features);
        string direction = graph.Constant("direction", [1L]);
        for (int i = 0; i < layers.Length; i++)
        {
            value = Add(graph, $"{i}", value, direction, batch, time, layers[i]);
        }

        Dictionary<string, float[]> outputs = graph.Run();
        return [.. layers.Select((layer, i) => new OnnxLstmResult(
            SwapBatchAndTime(outputs[$"Y{i}"], time, batch, layer.Units), outputs[$"Y_h{i}"], outputs[$"Y_c{i}"]))];
    }

    /// <summary>
    /// Adds one layer. Shapes in ONNX: X [T, B, I], W [1, 4H, I], R [1, 4H, H], B [1, 8H], Y [T, 1, B, H], states [1, B, H].
    /// </summary>
    /// <returns>Name of its output sequence, [T, B, H].</returns>
    private static string Add(OnnxGraph graph, string id, string x, string direction, int batch, int time, OnnxLstmLayer layer)
    {
        (int inputs, int units) = (layer.Inputs, layer.Units);
        float[] twoBiases = [.. ReorderColumns(layer.Bias, 1, units), .. new float[4 * units]];
        string[] given =
        [
            x,
            graph.Constant($"W{id}", ReorderColumns(layer.Kernel, inputs, units), 1, 4 * units, inputs),
            graph.Constant($"R{id}", ReorderColumns(layer.RecurrentKernel, units, units), 1, 4 * units, units),
            graph.Constant($"B{id}", twoBiases, 1, 8 * units),
            "",
            State($"initial_h{id}", layer.InitialHidden),
            State($"initial_c{id}", layer.InitialCell),
        ];
        graph.Node("LSTM", given, [$"Y{id}", $"Y_h{id}", $"Y_c{id}"], ("hidden_size", units));
        graph.Output($"Y{id}", time, 1, batch, units);
        graph.Output($"Y_h{id}", 1, batch, units);
        graph.Output($"Y_c{id}", 1, batch, units);

        string sequence = $"sequence{id}";
        graph.Node("Squeeze", [$"Y{id}", direction], [sequence]);
        return sequence;

        string State(string name, float[]? values) => values is null ? "" : graph.Input(name, values, 1, batch, units);
    }

    /// <summary>Engram's <c>[rows, i f g o]</c> as ONNX' <c>[i o f c, rows]</c>.</summary>
    private static float[] ReorderColumns(float[] weights, int rows, int units)
    {
        float[] reordered = new float[weights.Length];
        for (int block = 0; block < 4; block++)
        {
            for (int unit = 0; unit < units; unit++)
            {
                for (int row = 0; row < rows; row++)
                {
                    reordered[(((block * units) + unit) * rows) + row] = weights[(row * 4 * units) + (Blocks[block] * units) + unit];
                }
            }
        }
        return reordered;
    }

    /// <summary><c>[outer, inner, size]</c> as <c>[inner, outer, size]</c>.</summary>
    private static float[] SwapBatchAndTime(ReadOnlySpan<float> values, int outer, int inner, int size)
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
