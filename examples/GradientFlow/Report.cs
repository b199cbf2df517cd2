using System.Globalization;
using Engram.Plots;

namespace Engram.Examples.GradientFlow;

/// <summary>What is printed and drawn.</summary>
internal static class Report
{
    public static void Write(TextWriter output, string folder)
    {
        (string Name, double[] Norms)[] flows = [.. Network.All.Select(network => (network.Name, Flow.ByStep(network)))];
        output.WriteLine("The norm of the gradient that arrives at step t of 200, before training");
        output.WriteLine();
        output.WriteLine($"{"",-13}{string.Concat(Shown.Select(t => $"{$"t = {t}",10}"))}");
        foreach ((string name, double[] norms) in flows)
        {
            output.WriteLine($"{name,-13}{string.Concat(Shown.Select(t => Number(norms[t - 1])))}");
        }

        IReadOnlyList<TrainingStep> free = Clipping.Train(null), clipped = Clipping.Train(1);
        output.WriteLine();
        output.WriteLine("Training the last of them: loss, and norm of the gradient before it is clipped");
        output.WriteLine();
        output.WriteLine($"{"step",-6}{"not clipped",20}{"clipped to 1",24}");
        foreach (int step in (int[])[1, 2, 10, 50, 100, 200])
        {
            output.WriteLine(
                $"{step,-6}{Number(free[step - 1].Loss)}{Number(free[step - 1].GradientNorm)}    {Number(clipped[step - 1].Loss)}{Number(clipped[step - 1].GradientNorm)}");
        }

        Directory.CreateDirectory(folder);
        Picture.Stack(
            Charts.Lines(
                [.. flows.Select(flow => new ChartLine(flow.Name, flow.Norms))], first: 1, logarithmic: true, lowest: 1e-12,
                title: "Gradient of the last state, at the input of each step", xLabel: "Time step", yLabel: "Norm of the gradient"),
            Charts.Lines(
                [new ChartLine("clipped to 1", Losses(clipped)), new ChartLine("not clipped", Losses(free))], first: 1, logarithmic: true,
                title: "Training the LSTM with large recurrent weights", xLabel: "Training step", yLabel: "Loss"))
            .Save(Path.Combine(folder, "gradient-flow.png"));
        output.WriteLine();
        output.WriteLine("Picture: gradient-flow.png");
    }

    private static int[] Shown => [1, 50, 100, 150, 200];

    private static double[] Losses(IReadOnlyList<TrainingStep> steps) => [.. steps.Select(step => step.Loss)];

    private static string Number(double value) => string.Create(CultureInfo.InvariantCulture, $"{value,10:0.0e+0}");
}
