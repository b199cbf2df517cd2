using System.Globalization;
using Engram.Data;
using Engram.Tasks;
using Spectre.Console;
using Table = Spectre.Console.Table;

namespace Engram.Cli.Output;

/// <summary>What came out of training or scoring, for a reader: errors beside the baselines', and the verdict.</summary>
internal static class ForecastSummary
{
    public static void Print(IAnsiConsole console, Forecaster forecaster, ForecastReport report, string folder)
    {
        console.WriteLine($"Forecast of {forecaster.Target}, {Quantity.Of(forecaster.Horizon, "step")} ahead, from the {Quantity.Of(forecaster.Window, "row")} before.");
        console.WriteLine(Invariant(
            $"Trained {Quantity.Of(report.Training.Epochs, "epoch")} in {report.Training.Seconds:0.0} s ({report.Training.Stopped}); the best was epoch {report.Training.BestEpoch}. {report.Model.Parameters:N0} weights."));
        console.WriteLine($"Test part: {Part(report.Split.Test)}, never seen in training.");
        console.WriteLine();
        PrintErrors(console, Cells.NetworkOf(forecaster.Options.Cell), report.Metrics.Test, report.Baselines);
        PrintVerdict(console, report.Verdict);
        console.WriteLine($"Written to {folder}: model.safetensors, report.json, predictions.csv, loss.png, forecast.png");
    }

    public static void Print(IAnsiConsole console, Forecaster forecaster, ForecastEvaluation evaluation)
    {
        console.WriteLine($"Forecast of {forecaster.Target}, {Quantity.Of(forecaster.Horizon, "step")} ahead.");
        console.WriteLine($"Scored: {Part(evaluation.Scored)}.");
        console.WriteLine();
        PrintErrors(console, Cells.NetworkOf(forecaster.Options.Cell), evaluation.Metrics, evaluation.Baselines);
        PrintVerdict(console, evaluation.Verdict);
    }

    /// <summary>A number with four digits that count, without an exponent where it is of a usual size.</summary>
    public static string Number(double value) => Math.Abs(value) switch
    {
        >= 1e9 or (< 1e-3 and > 0) => value.ToString("0.###e+0", CultureInfo.InvariantCulture),
        >= 1000 => value.ToString("0", CultureInfo.InvariantCulture),
        >= 100 => value.ToString("0.0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.00", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.000", CultureInfo.InvariantCulture),
        _ => value.ToString("0.0000", CultureInfo.InvariantCulture),
    };

    private static void PrintErrors(IAnsiConsole console, string name, ForecastMetrics network, ForecastBaselines baselines)
    {
        Table table = new() { Border = TableBorder.Simple };
        table.AddColumn("error");
        foreach (string metric in (string[])["RMSE", "MAE", "MASE", "sMAPE"])
        {
            table.AddColumn(metric, column => column.RightAligned());
        }
        AddRow(table, name, network, "bold");
        foreach ((string baseline, ForecastMetrics metrics) in baselines.All)
        {
            AddRow(table, baseline, metrics, "default");
        }
        console.Write(table);
    }

    private static void AddRow(Table table, string name, ForecastMetrics metrics, string style) => table.AddRow(
        [.. new[] { name, Number(metrics.Rmse), Number(metrics.Mae), Number(metrics.Mase), Number(metrics.Smape) + "%" }
            .Select(cell => new Text(cell, Style.Parse(style)))]);

    private static void PrintVerdict(IAnsiConsole console, string verdict)
    {
        string colour = verdict.StartsWith("better", StringComparison.Ordinal) ? "green" : "yellow";
        console.Write(new Text($"Verdict: {verdict}.", Style.Parse(colour)));
        console.WriteLine();
        console.WriteLine();
    }

    private static string Part(ReportPart part) => $"{part.From} to {part.To}, {Quantity.Of(part.Rows, "row")}";

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
