using Engram.Examples.Equations;

namespace Engram.Examples.Tests.Equations;

/// <summary>Holds the numbers of the worked example, computed apart from this code, to six digits.</summary>
public sealed class WorkedExampleTests
{
    private const double SixDigits = 0.5e-6 + 1e-12;

    [Theory]
    [InlineData("the printed sum", 1.1, 1.8, .750260, .858149, .800499, .946806, 1.350843, 1.670650, .655916, .799484)]
    [InlineData("the printed summands", 1.0, 1.8, .731059, .858149, .761594, .946806, 1.287829, 1.670650, .627655, .799484)]
    [InlineData("element by element", .5, .95, .622459, .721115, .462117, .739783, .910108, 1.254584, .448908, .612634)]
    [InlineData("dot product", 1.35, 1.35, .794130, .794130, .874053, .874053, 1.488241, 1.488241, .717100, .717100)]
    public void Every_reading_of_the_sum_gives_its_row_of_the_table(
        string name, double a1, double a2, double gate1, double gate2, double candidate1, double candidate2, double cell1, double cell2, double hidden1, double hidden2)
    {
        CellStep step = WorkedExample.Readings.Single(reading => reading.Name == name).Step;

        Near([a1, a2], step.PreActivation);
        Near([gate1, gate2], step.Gate);
        Near([candidate1, candidate2], step.Candidate);
        Near([cell1, cell2], step.Cell);
        Near([hidden1, hidden2], step.Hidden);
    }

    [Fact]
    public void The_sequence_1_2_3_gives_its_three_hidden_states()
    {
        IReadOnlyList<CellStep> steps = WorkedExample.Walk(TextbookCell.Step, WorkedExample.SequenceWeights, WorkedExample.Sequence);

        Near([.448908, .509151], steps[0].Hidden);
        Near([.504406, .618645], steps[1].Hidden);
        Near([.597012, .735469], steps[2].Hidden);
    }

    [Fact]
    public void The_update_of_section_3_2_gives_another_hidden_state()
    {
        IReadOnlyList<CellStep> steps = WorkedExample.Walk(OverwritingCell.Step, WorkedExample.SequenceWeights, WorkedExample.Sequence);

        Near([.307013, .438733], steps[2].Hidden);
    }

    [Fact]
    public void The_layer_gives_what_the_equations_give_for_every_reading()
    {
        foreach (Reading reading in WorkedExample.Readings)
        {
            LayerWalk layer = LayerWalk.Over(reading.Weights, WorkedExample.Input);

            Near(reading.Step.Hidden, layer.Hidden[0], 1e-6);
            Near(reading.Step.Cell, layer.Cell, 1e-6);
        }
    }

    [Fact]
    public void The_layer_gives_what_the_equations_give_over_the_sequence()
    {
        IReadOnlyList<CellStep> steps = WorkedExample.Walk(TextbookCell.Step, WorkedExample.SequenceWeights, WorkedExample.Sequence);

        LayerWalk layer = LayerWalk.Over(WorkedExample.SequenceWeights, WorkedExample.Sequence);

        for (int t = 0; t < steps.Count; t++)
        {
            Near(steps[t].Hidden, layer.Hidden[t], 1e-6);
        }
        Near(steps[^1].Cell, layer.Cell, 1e-6);
    }

    [Fact]
    public void Weights_of_zero_leave_every_gate_at_one_half()
    {
        SharedWeights zeros = SharedWeights.Constant(inputs: 1, [0, 0]);

        IReadOnlyList<CellStep> steps = WorkedExample.Walk(TextbookCell.Step, zeros, WorkedExample.Sequence);

        Assert.All(steps, step => Near([.5, .5], step.Gate));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("README.zh-CN.md")]
    public void The_readme_shows_what_the_program_prints(string readme)
    {
        using StringWriter output = new() { NewLine = "\n" };
        Report.Write(output);

        string page = File.ReadAllText(Path.Combine(Repository.Root, "examples", "Equations", readme));

        Assert.Contains("```text\n" + output + "```", page, StringComparison.Ordinal);
    }

    private static void Near(double[] expected, double[] actual, double tolerance = SixDigits)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance));
    }
}
