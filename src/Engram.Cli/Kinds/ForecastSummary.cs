using Engram.Cli.Output;
using Engram.Data;
using Engram.Tasks;
using Spectre.Console;
using Table = Spectre.Console.Table;

namespace Engram.Cli.Kinds;

/// <summary>What came out of training or scoring, for a reader: errors beside the baselines', and the verdict.</summary>
internal static class ForecastSummary
{
    public static void Print(IAnsiConsole console, Forecaster forecaster, ForecastReport report, string folder)
    {
        console.WriteLine($"Forecast of {forecaster.Target}, {Quantity.Of(forecaster.Horizon, "step")} ahead, from the {Quantity.Of(forecaster.Window, "row")} before.");
        RunSummary.PrintTraining(console, report);
        console.WriteLine($"Test part: {Part(report.Split.Test)}, never seen in training.");
        console.WriteLine();
        PrintErrors(console, Cells.NetworkOf(forecaster.Options.Cell), report.Metrics.Test, report.Baselines);
        RunSummary.PrintVerdict(console, report.Verdict);
        console.WriteLine($"Written to {folder}: model.safetensors, report.json, predictions.csv, loss.png, forecast.png");
    }

    public static void Print(IAnsiConsole console, Forecaster forecaster, ForecastEvaluation evaluation)
    {
        console.WriteLine($"Forecast of {forecaster.Target}, {Quantity.Of(forecaster.Horizon, "step")} ahead.");
        console.WriteLine($"Scored: {Part(evaluation.Scored)}.");
        console.WriteLine();
        PrintErrors(console, Cells.NetworkOf(forecaster.Options.Cell), evaluation.Metrics, evaluation.Baselines);
        RunSummary.PrintVerdict(console, evaluation.Verdict);
    }

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
        [.. new[] { name, Numbers.Short(metrics.Rmse), Numbers.Short(metrics.Mae), Numbers.Short(metrics.Mase), Numbers.Short(metrics.Smape) + "%" }
            .Select(cell => new Text(cell, Style.Parse(style)))]);

    private static string Part(ReportPart part) => $"{part.From} to {part.To}, {Quantity.Of(part.Rows, "row")}";
}
