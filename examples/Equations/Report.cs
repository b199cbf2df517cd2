using System.Globalization;

namespace Engram.Examples.Equations;

/// <summary>Prints the worked example: every equation, the numbers put in, and what comes out.</summary>
internal static class Report
{
    public static void Write(TextWriter output)
    {
        WriteStep(output);
        WriteReadings(output);
        WriteSequence(output);
    }

    private static void WriteStep(TextWriter output)
    {
        CellStep step = WorkedExample.PrintedSum.Step;
        string c0 = Row(WorkedExample.Cell, "0"), gate = Row(step.Gate), candidate = Row(step.Candidate), cell = Row(step.Cell);
        string forgotten = Row(step.Gate.Zip(WorkedExample.Cell, (f, c) => f * c)), added = Row(step.Gate.Zip(step.Candidate, (i, g) => i * g));
        LayerWalk layer = LayerWalk.Over(WorkedExample.PrintedSum.Weights, WorkedExample.Input);
        output.WriteLine(
            $"""
            Section 4.3, with the numbers that it should have

              x₁ = {Row(WorkedExample.Input, "0")}   h₀ = {Row(WorkedExample.Hidden, "0.0")}   C₀ = {c0}
              three gates and a candidate, all with W = {Row(WorkedExample.Kernel, "0.0")}, U = {Row(WorkedExample.RecurrentKernel, "0.0")}, b = {Row(WorkedExample.Bias, "0.0")}
              W x₁ + U h₀ + b = {Row(step.PreActivation, "0.0")}, as the tutorial prints it

            step                                            tutorial
            input gate     i₁ = σ{Row(step.PreActivation, "0.0")}
                              = {gate}        (0.8, 0.6)
            forget gate    f₁ = {gate}        (0.8, 0.6)
            output gate    o₁ = {gate}        (0.8, 0.6)
            candidate      C̃₁ = tanh{Row(step.PreActivation, "0.0")}
                              = {candidate}        (0.7, 0.8)
            kept           f₁ ⊙ C₀ = {gate} ⊙ {c0}
                              = {forgotten}        (0.8, 0.6), then dropped
            added          i₁ ⊙ C̃₁ = {gate} ⊙ {candidate}
                              = {added}
            cell state     C₁ = f₁ ⊙ C₀ + i₁ ⊙ C̃₁
                              = {cell}        (0.56, 0.48)
            hidden state   h₁ = o₁ ⊙ tanh C₁ = {gate} ⊙ {Row(step.Cell.Select(Math.Tanh))}
                              = {Row(step.Hidden)}        (0.64, 0.56)

            Engram's Lstm layer with these pre-activations:
              C₁ = {Row(layer.Cell, "0.00000")}   h₁ = {Row(layer.Hidden[0], "0.00000")}   largest difference {Difference(layer, [step])}

            """);
    }

    private static void WriteReadings(TextWriter output)
    {
        output.WriteLine(
            """
            The shapes of W and U are not given, and the printed sum is not that of its summands: four readings

            reading                W x₁ + U h₀ + b         i = f = o               C̃                        C₁                      h₁
            """);
        foreach (Reading reading in WorkedExample.Readings)
        {
            CellStep step = reading.Step;
            output.WriteLine(
                $"{reading.Name,-23}{Row(step.PreActivation, "0.00"),-24}{Row(step.Gate),-24}{Row(step.Candidate),-24}{Row(step.Cell),-24}{Row(step.Hidden)}");
        }
        output.WriteLine();
    }

    private static void WriteSequence(TextWriter output)
    {
        IReadOnlyList<CellStep> steps = WorkedExample.Walk(TextbookCell.Step, WorkedExample.SequenceWeights, WorkedExample.Sequence);
        IReadOnlyList<CellStep> overwriting = WorkedExample.Walk(OverwritingCell.Step, WorkedExample.SequenceWeights, WorkedExample.Sequence);
        LayerWalk layer = LayerWalk.Over(WorkedExample.SequenceWeights, WorkedExample.Sequence);
        output.WriteLine(
            """
            The sequence 1, 2, 3, element by element, beside the update of section 3.2

            t  x   LSTM, section 4.1: C = f ⊙ C + i ⊙ C̃           section 3.2: C = i ⊙ tanh(f ⊙ C + W x)
                   C                       h                       C                       h
            """);
        for (int t = 0; t < steps.Count; t++)
        {
            output.WriteLine(
                $"{t + 1}  {WorkedExample.Sequence[t][0]:0}   {Row(steps[t].Cell),-24}{Row(steps[t].Hidden),-24}{Row(overwriting[t].Cell),-24}{Row(overwriting[t].Hidden)}");
        }
        output.WriteLine(
            $"""

            Engram's Lstm layer over the same sequence: h₃ = {Row(layer.Hidden[^1], "0.00000")}, largest difference {Difference(layer, steps)}
            """);
    }

    /// <summary>The largest difference, in words, since its last digits depend on the machine: float carries seven of them.</summary>
    private static string Difference(LayerWalk layer, IReadOnlyList<CellStep> steps)
    {
        double largest = steps.SelectMany((step, t) => step.Hidden.Zip(layer.Hidden[t])).Concat(steps[^1].Cell.Zip(layer.Cell))
            .Max(pair => Math.Abs(pair.First - pair.Second));
        return largest < 1e-6 ? "below 0.000001" : largest.ToString("0.000000", CultureInfo.InvariantCulture);
    }

    private static string Row(IEnumerable<double> values, string format = "0.000000") =>
        "(" + string.Join(", ", values.Select(value => value.ToString(format, CultureInfo.InvariantCulture))) + ")";
}
