using Engram.Tests.Oracle.Onnx;

namespace Engram.Tests.Oracle;

/// <summary>
/// A recurrent operator of ONNX, and how its blocks of weights stand to Engram's. Each list tells, block by block in ONNX' order, which of
/// Engram's blocks stands there; −1 is a block of zeros.
/// </summary>
/// <param name="Operator">LSTM, GRU or RNN.</param>
/// <param name="Blocks">Of W and R.</param>
/// <param name="InputBias">Of the half of B that is added to W x.</param>
/// <param name="RecurrentBias">Of the half of B that is added to R h.</param>
/// <param name="Attributes">What chooses the variant, for so many directions.</param>
internal sealed record OnnxCell(string Operator, int[] Blocks, int[] InputBias, int[] RecurrentBias, Func<int, IEnumerable<AttributeProto>> Attributes)
{
    /// <summary>ONNX i, o, f, c; Engram i, f, g, o.</summary>
    public static OnnxCell Lstm { get; } = new("LSTM", [0, 3, 1, 2], [0, 3, 1, 2], [-1, -1, -1, -1], _ => []);

    /// <summary>Coupled gates: ONNX i, o, f, c, of which f is without use; Engram i, g, o.</summary>
    public static OnnxCell CoupledLstm { get; } =
        new("LSTM", [0, 2, -1, 1], [0, 2, -1, 1], [-1, -1, -1, -1], _ => [OnnxGraph.Number("input_forget", 1)]);

    /// <summary>Both z, r, n; Engram's fourth bias m is the recurrent one of n.</summary>
    public static OnnxCell Gru { get; } = new("GRU", [0, 1, 2], [0, 1, 2], [-1, -1, 3], _ => [OnnxGraph.Number("linear_before_reset", 1)]);

    /// <summary>Both z, r, n.</summary>
    public static OnnxCell GruResetBefore { get; } = new("GRU", [0, 1, 2], [0, 1, 2], [-1, -1, -1], _ => [OnnxGraph.Number("linear_before_reset", 0)]);

    public static OnnxCell TanhRnn { get; } = Rnn("Tanh");

    public static OnnxCell ReluRnn { get; } = Rnn("Relu");

    /// <summary>Whether there is a cell state.</summary>
    public bool HasCell => Operator == "LSTM";

    private static OnnxCell Rnn(string activation) =>
        new("RNN", [0], [0], [-1], directions => [OnnxGraph.Words("activations", Enumerable.Repeat(activation, directions))]);
}
