using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Engram.Cli.Options;
using Engram.Cli.Output;
using Engram.Cli.Verbs;
using Engram.Data;
using Engram.Tasks;
using Spectre.Console;

namespace Engram.Cli.Kinds;

/// <summary>Classifiers of texts on the command line.</summary>
internal sealed class TextClassifierKind : ModelKind<TextClassifier>
{
    public override string Task => ClassifierDocument.TaskKind;

    public override string Unit => "text";

    public override int Resume(string folder, Device device, Terminal terminal) => TrainingRun.Execute(terminal, this, (progress, cancellation) =>
        ClassifierRun.Resume(folder, device, progress, cancellation: cancellation));

    public override IReadOnlyList<string> SavePictures(string folder, TextClassifier trained)
    {
        ClassifierReport report = trained.Report!;
        IReadOnlyList<string> notes = LossPicture.Save(folder, trained.Training!.History, report.Training.BestEpoch);
        return [.. notes.Concat(ConfusionPicture.Save(folder, report.Metrics.Test.Confusion!, trained.Classes)).Distinct()];
    }

    public override void Print(IAnsiConsole console, TextClassifier trained, string folder)
    {
        ClassifierReport report = trained.Report!;
        console.WriteLine($"Classes of texts: {ClassNames.Listed(trained.Classes)}.");
        RunSummary.PrintTraining(console, report);
        RunSummary.PrintTest(console, report.Split, Unit);
        console.WriteLine();
        ClassifierSummary.Print(console, Cells.NetworkOf(trained.Options.Cell), report.Metrics.Test, report.Baselines);
        RunSummary.PrintVerdict(console, report.Verdict);
        console.WriteLine($"Written to {folder}: model.safetensors, report.json (with the surest mistakes), predictions.csv, loss.png, confusion.png");
    }

    protected override int Predict(TextClassifier model, PredictRequest request, Terminal terminal)
    {
        request.RefuseForecastOptions(Task);
        LabelledTexts texts = Read(model, request.Files, null, request.Csv, request.Result);
        terminal.SayNotes(texts.Notes);
        IReadOnlyList<Classification> predictions = model.Predict(texts.Texts);
        request.Write(
            terminal.Json,
            json => ClassifierSummary.WriteJson(json, model, texts.Texts, predictions),
            csv => ClassifierCsv.Write(csv, texts.Texts, null, predictions));
        return ExitCode.Done;
    }

    protected override int Evaluate(TextClassifier model, IReadOnlyList<string> files, CsvOptionSet csv, ParseResult result, Terminal terminal)
    {
        LabelledTexts texts = Read(model, files, model.LabelColumn, csv, result);
        terminal.SayNotes(texts.Notes);
        ClassifierEvaluation evaluation = model.Evaluate(texts);
        if (terminal.Json)
        {
            Console.Out.WriteLine(evaluation.ToJson());
            return ExitCode.Done;
        }
        IAnsiConsole console = Terminal.Results();
        console.WriteLine($"Scored: {Quantity.Of(evaluation.Data.Used, "text")}.");
        console.WriteLine();
        ClassifierSummary.Print(console, Cells.NetworkOf(model.Options.Cell), evaluation.Metrics, evaluation.Baselines);
        if (evaluation.Verdict is { } verdict)
        {
            RunSummary.PrintVerdict(console, verdict);
        }
        return ExitCode.Done;
    }

    protected override IEnumerable<(string Name, string Text)> Describe(TextClassifier model) =>
    [
        ("Task", $"class of a text, from its {model.Options.Truncation.ToString().ToLowerInvariant()} of {Quantity.Of(model.Options.Length, "token")}"),
        ("Classes", ClassNames.Listed(model.Classes)),
        ("Tokens", $"{model.Encoder.Options.Tokenizer.ToString().ToLowerInvariant()}, {Numbers.Count(model.Encoder.Vocabulary.Count)} known"),
        ("Columns", $"text {model.TextColumn ?? "not named"}, label {model.LabelColumn ?? "not named"}"),
    ];

    protected override string DescribeOptions(TextClassifier model) => string.Create(CultureInfo.InvariantCulture,
        $"embedding {model.Options.EmbeddingSize}, pooling {model.Options.Pooling}{(model.Options.Bidirectional ? ", bidirectional" : "")}").ToLowerInvariant();

    protected override (string Name, string Text) DescribeResult(TextClassifier model) =>
        ("Accuracy", $"{Numbers.Short(model.Report!.Metrics.Test.Accuracy)}, {model.Report.Verdict}");

    protected override void WriteJson(Utf8JsonWriter json, TextClassifier model)
    {
        JsonOutput.WriteArray(json, "classes", model.Classes, json.WriteStringValue);
        json.WriteString("text", model.TextColumn);
        json.WriteString("label", model.LabelColumn);
        json.WriteNumber("length", model.Options.Length);
        json.WriteString("tokenizer", model.Encoder.Options.Tokenizer.ToString().ToLowerInvariant());
        json.WriteNumber("vocabulary", model.Encoder.Vocabulary.Count);
    }

    /// <summary>The texts of files, or of standard input, from the columns that the model was trained on.</summary>
    private static LabelledTexts Read(TextClassifier model, IReadOnlyList<string> files, string? labelColumn, CsvOptionSet csv, ParseResult result)
    {
        if (files.Count == 0)
        {
            throw new InvalidOptionException("DATA", "", "is missing. Name files with the column of texts, or - for standard input.");
        }
        csv.RefuseAllBut(csv.OfTexts, result, model.Task);
        return csv.ReadTexts(result, files, model.TextColumn ?? "text", labelColumn);
    }
}
