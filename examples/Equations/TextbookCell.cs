namespace Engram.Examples.Equations;

/// <summary>
/// The LSTM of section 4.1 in plain C#, for weights that all gates share, so that i = f = o:
/// <code>
///   i = f = o = σ(a)      C̃ = tanh a        a = W x + U h + b
///   C' = f ⊙ C + i ⊙ C̃
///   h' = o ⊙ tanh C'
/// </code>
/// </summary>
internal static class TextbookCell
{
    public static CellStep Step(SharedWeights weights, double[] x, double[] h, double[] c)
    {
        double[] a = weights.PreActivation(x, h);
        double[] gate = [.. a.Select(Sigmoid)];
        double[] candidate = [.. a.Select(Math.Tanh)];
        double[] cell = [.. Enumerable.Range(0, a.Length).Select(j => gate[j] * c[j] + gate[j] * candidate[j])];
        double[] hidden = [.. gate.Zip(cell, (o, value) => o * Math.Tanh(value))];
        return new CellStep(a, gate, candidate, cell, hidden);
    }

    public static double Sigmoid(double a) => 1 / (1 + Math.Exp(-a));
}

/// <summary>What one step computes on the way from x, h and C to h' and C'.</summary>
/// <param name="PreActivation">a.</param>
/// <param name="Gate">i = f = o.</param>
/// <param name="Candidate">C̃, or what the cell has in its place.</param>
/// <param name="Cell">C'.</param>
/// <param name="Hidden">h'.</param>
internal sealed record CellStep(double[] PreActivation, double[] Gate, double[] Candidate, double[] Cell, double[] Hidden);
