using System.Globalization;
using Engram.Data;
using Engram.Tasks;
using Spectre.Console;

namespace Engram.Cli.Output;

/// <summary>What every task tells of a run.</summary>
internal static class RunSummary
{
    /// <summary>How long it trained.</summary>
    public static void PrintTraining(IAnsiConsole console, TaskReport report) => console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"Trained {Quantity.Of(report.Training.Epochs, "epoch")} in {report.Training.Seconds:0.0} s ({report.Training.Stopped}); the best{(report.Training.BestBy is { } by ? $" by {by}" : "")} was epoch {report.Training.BestEpoch}. {report.Model.Parameters:N0} weights."));

    /// <summary>What it was scored on, and how much of that is new to it.</summary>
    public static void PrintTest(IAnsiConsole console, ReportSplit split, string unit) => console.WriteLine(
        $"Test part: {Quantity.Of(split.Test.Rows, unit)}, {(split.TestSeen is { } seen ? $"of which {Numbers.Count(seen)} also {(seen == 1 ? "stands" : "stand")} in the training or validation part" : "never seen in training")}.");

    /// <summary>The result in words.</summary>
    public static void PrintVerdict(IAnsiConsole console, string verdict)
    {
        string colour = verdict.StartsWith("better", StringComparison.Ordinal) ? "green" : "yellow";
        console.Write(new Text($"Verdict: {verdict}.", Style.Parse(colour)));
        console.WriteLine();
        console.WriteLine();
    }
}
