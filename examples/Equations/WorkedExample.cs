namespace Engram.Examples.Equations;

/// <summary>
/// Section 4.3: x₁ = (1, 2), h₀ = (.5, .5), C₀ = (1, 1); three gates and a candidate with W = (.2, .3), U = (.4, .5), b = (.1, .1).
/// What shape W and U have the tutorial does not say, so its sum can be read in four ways.
/// </summary>
internal static class WorkedExample
{
    public static readonly double[] Input = [1, 2];
    public static readonly double[] Hidden = [.5, .5];
    public static readonly double[] Cell = [1, 1];
    public static readonly double[] Kernel = [.2, .3];
    public static readonly double[] RecurrentKernel = [.4, .5];
    public static readonly double[] Bias = [.1, .1];

    /// <summary>The sum as the tutorial prints it, which its own next lines go on with.</summary>
    public static readonly Reading PrintedSum = new("the printed sum", SharedWeights.Constant(inputs: 2, [1.1, 1.8]));

    /// <summary>All four readings, the printed sum first.</summary>
    public static readonly IReadOnlyList<Reading> Readings =
    [
        PrintedSum,
        new("the printed summands", SharedWeights.Constant(inputs: 2, [.2 + .6 + .2, .3 + 1.2 + .3])),
        new("element by element", SharedWeights.ElementByElement(Kernel, RecurrentKernel, Bias)),
        // One unit in the tutorial's notation; two of the same here, since h₀ and C₀ have two numbers.
        new("dot product", new SharedWeights([[.2, .2], [.3, .3]], [[.4, .4], [.5, .5]], Bias)),
    ];

    /// <summary>The sequence of section 4.3, one number a step.</summary>
    public static readonly double[][] Sequence = [[1], [2], [3]];

    /// <summary>W as a row, since x is one number now; U element by element.</summary>
    public static readonly SharedWeights SequenceWeights =
        SharedWeights.ElementByElement(Kernel, RecurrentKernel, Bias) with { Kernel = [Kernel] };

    /// <summary>Walks a cell over a sequence, from h₀ and C₀.</summary>
    public static IReadOnlyList<CellStep> Walk(
        Func<SharedWeights, double[], double[], double[], CellStep> cell, SharedWeights weights, params IReadOnlyList<double[]> sequence)
    {
        List<CellStep> steps = [];
        (double[] h, double[] c) = (Hidden, Cell);
        foreach (double[] x in sequence)
        {
            CellStep step = cell(weights, x, h, c);
            steps.Add(step);
            (h, c) = (step.Hidden, step.Cell);
        }
        return steps;
    }
}

/// <summary>A way to read the tutorial's sum.</summary>
internal sealed record Reading(string Name, SharedWeights Weights)
{
    /// <summary>The one step of the example.</summary>
    public CellStep Step => WorkedExample.Walk(TextbookCell.Step, Weights, WorkedExample.Input)[0];
}
