using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Engram.Cli.Options;
using Engram.Cli.Output;
using Engram.Cli.Verbs;
using Engram.Data;
using Engram.Plots;
using Engram.Tasks;
using Spectre.Console;
using Table = Engram.Data.Table;

namespace Engram.Cli.Kinds;

/// <summary>Forecasters on the command line.</summary>
internal sealed class ForecasterKind : ModelKind<Forecaster>
{
    public override string Task => ForecastDocument.TaskKind;

    public override int Resume(string folder, Device device, Terminal terminal) => TrainingRun.Execute(terminal, this, (progress, cancellation) =>
        ForecastRun.Resume(folder, device, progress, cancellation: cancellation));

    public override IReadOnlyList<string> SavePictures(string folder, Forecaster trained)
    {
        ForecastTraining training = trained.Training!;
        IReadOnlyList<string> notes = LossPicture.Save(folder, training.History, trained.Report!.Training.BestEpoch);
        Picture forecast = Draw(training.Picture, trained.Target);
        forecast.Save(Path.Combine(folder, "forecast.png"));
        return [.. notes.Concat(forecast.Notes).Distinct()];
    }

    public override void Print(IAnsiConsole console, Forecaster trained, string folder) =>
        ForecastSummary.Print(console, trained, trained.Report!, folder);

    protected override int Predict(Forecaster model, PredictRequest request, Terminal terminal)
    {
        Table? table = request.Files.Count == 0 ? null : request.ReadTable(model.Schema.Reading);
        terminal.SayNotes(table?.Notes ?? []);
        if (request.Rolling)
        {
            ForecastRows rows = model.PredictRolling(table!);
            terminal.SayNotes(rows.Notes);
            request.Write(terminal.Json, json => ForecastJsonWriter.Write(json, model, rows), csv => ForecastCsv.Write(csv, rows));
            return ExitCode.Done;
        }
        Forecast forecast = table is null ? model.Predict(request.Horizon) : model.Predict(table, request.Horizon);
        terminal.SayNotes(forecast.Notes);
        request.Write(terminal.Json, json => ForecastJsonWriter.Write(json, model, forecast), csv => ForecastCsv.Write(csv, forecast));
        return ExitCode.Done;
    }

    protected override int Evaluate(Forecaster model, IReadOnlyList<string> files, CsvOptionSet csv, ParseResult result, Terminal terminal)
    {
        Table table = csv.ReadTable(result, files, model.Schema.Reading);
        terminal.SayNotes(table.Notes);
        ForecastEvaluation evaluation = model.Evaluate(table);
        terminal.SayNotes(evaluation.Data.Notes.Except(table.Notes));
        if (terminal.Json)
        {
            Console.Out.WriteLine(evaluation.ToJson());
        }
        else
        {
            ForecastSummary.Print(Terminal.Results(), model, evaluation);
        }
        return ExitCode.Done;
    }

    protected override IEnumerable<(string Name, string Text)> Describe(Forecaster model) =>
    [
        ("Task", $"forecast of {model.Target}, {Quantity.Of(model.Horizon, "step")} ahead, from the {Quantity.Of(model.Window, "row")} before"),
        ("Features", string.Join(", ", model.Features)),
        ("Step", model.Step.ToString()),
    ];

    protected override string DescribeOptions(Forecaster model) => string.Create(CultureInfo.InvariantCulture,
        $"scale {model.Options.Scale}, difference {model.Options.Difference}").ToLowerInvariant();

    protected override (string Name, string Text) DescribeResult(Forecaster model) =>
        ("Test RMSE", $"{Numbers.Short(model.Report!.Metrics.Test.Rmse)}, {model.Report.Verdict}");

    protected override void WriteJson(Utf8JsonWriter json, Forecaster model)
    {
        json.WriteString("target", model.Target);
        JsonOutput.WriteArray(json, "features", model.Features, json.WriteStringValue);
        json.WriteNumber("window", model.Window);
        json.WriteNumber("horizon", model.Horizon);
        json.WriteString("step", model.Step.ToString());
    }

    private static Picture Draw(ForecastPicture picture, string target) => Charts.Forecast(picture.Actual, picture.Predicted, new ForecastChartOptions
    {
        TestStart = picture.TestStart,
        Times = picture.Times,
        Baselines = [new Baseline("Naive", picture.Naive)],
        Title = $"Forecast of {target}",
        YLabel = target,
    });
}
