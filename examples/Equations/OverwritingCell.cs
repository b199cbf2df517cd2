namespace Engram.Examples.Equations;

/// <summary>
/// The update of section 3.2, which is not the LSTM's:
/// <code>
///   i = f = o = σ(a)                  a = W x + U h + b
///   C' = i ⊙ tanh(f ⊙ C + W x)
///   h' = o ⊙ tanh C'
/// </code>
/// It overwrites: what was remembered goes through tanh and the input gate at every step, so it shrinks even where f = 1, and h has no say
/// in what is written. The LSTM adds to its memory instead, f ⊙ C + i ⊙ C̃, and that sum is why it can remember for long.
/// </summary>
internal static class OverwritingCell
{
    public static CellStep Step(SharedWeights weights, double[] x, double[] h, double[] c)
    {
        double[] a = weights.PreActivation(x, h), wx = weights.InputProduct(x);
        double[] gate = [.. a.Select(TextbookCell.Sigmoid)];
        double[] written = [.. Enumerable.Range(0, a.Length).Select(j => Math.Tanh(gate[j] * c[j] + wx[j]))];
        double[] cell = [.. gate.Zip(written, (i, value) => i * value)];
        double[] hidden = [.. gate.Zip(cell, (o, value) => o * Math.Tanh(value))];
        return new CellStep(a, gate, written, cell, hidden);
    }
}
