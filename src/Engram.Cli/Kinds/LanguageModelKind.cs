using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Engram.Cli.Options;
using Engram.Cli.Output;
using Engram.Cli.Verbs;
using Engram.Data;
using Engram.Tasks;
using Spectre.Console;
using Table = Spectre.Console.Table;

namespace Engram.Cli.Kinds;

/// <summary>Language models on the command line.</summary>
internal sealed class LanguageModelKind : ModelKind<LanguageModel>
{
    public override string Task => LanguageModelDocument.TaskKind;

    public override string Unit => "token";

    public override int Resume(string folder, Device device, Terminal terminal) => TrainingRun.Execute(terminal, this, (progress, cancellation) =>
        LanguageModelRun.Resume(folder, device, progress, cancellation: cancellation));

    public override IReadOnlyList<string> SavePictures(string folder, LanguageModel trained) =>
        LossPicture.Save(folder, trained.History!, trained.Report!.Training.BestEpoch);

    public override void Print(IAnsiConsole console, LanguageModel trained, string folder)
    {
        LanguageModelReport report = trained.Report!;
        console.WriteLine($"Language model of {Tokens(trained)}.");
        RunSummary.PrintTraining(console, report);
        string part = report.Metrics.Test is not null ? "Test" : report.Metrics.Validation is not null ? "Validation" : "Training";
        int tokens = (report.Metrics.Test is not null ? report.Split.Test : report.Split.Validation ?? report.Split.Train).Rows;
        console.WriteLine($"{part} part: {Numbers.Count(tokens)} tokens.");
        console.WriteLine();
        PrintScores(console, Cells.NetworkOf(trained.Options.Cell), report.Metrics.Test ?? report.Metrics.Validation, report.Baselines.Unigram);
        RunSummary.PrintVerdict(console, report.Verdict);
        console.WriteLine($"Written to {folder}: model.safetensors, report.json, sample.txt, loss.png. Let it write: engram generate {folder}");
    }

    protected override int Predict(LanguageModel model, PredictRequest request, Terminal terminal) =>
        throw new InvalidOptionException("MODEL", request.Model, "is a language model, which writes instead: use engram generate.");

    protected override int Evaluate(LanguageModel model, IReadOnlyList<string> files, CsvOptionSet csv, ParseResult result, Terminal terminal)
    {
        LanguageModelEvaluation evaluation = model.Evaluate(Read(model, files, csv, result));
        terminal.SayNotes(evaluation.Data.Notes);
        if (terminal.Json)
        {
            Console.Out.WriteLine(evaluation.ToJson());
            return ExitCode.Done;
        }
        IAnsiConsole console = Terminal.Results();
        console.WriteLine($"Scored: {Numbers.Count(evaluation.Data.Used)} tokens.");
        console.WriteLine();
        PrintScores(console, Cells.NetworkOf(model.Options.Cell), evaluation.Metrics, evaluation.Baselines.Unigram);
        RunSummary.PrintVerdict(console, evaluation.Verdict);
        return ExitCode.Done;
    }

    protected override IEnumerable<(string Name, string Text)> Describe(LanguageModel model) =>
    [
        ("Task", $"language model of {Tokens(model)}"),
        .. model.TextColumn is { } column ? [("Column", column)] : Array.Empty<(string, string)>(),
    ];

    protected override string DescribeOptions(LanguageModel model) => string.Create(CultureInfo.InvariantCulture,
        $"embedding {model.Options.EmbeddingSize}{(model.Options.TieWeights ? ", tied" : "")}, {model.Options.Steps} steps");

    protected override (string Name, string Text) DescribeResult(LanguageModel model) => (model.Report!.Metrics.Test is null ? "Validation" : "Test",
        (model.Report.Metrics.Test ?? model.Report.Metrics.Validation) is { } metrics
            ? $"{Numbers.Short(metrics.Loss)} nats per token, perplexity {Numbers.Short(metrics.Perplexity)}, {model.Report.Verdict}" : model.Report.Verdict);

    protected override void WriteJson(Utf8JsonWriter json, LanguageModel model)
    {
        json.WriteString("tokenizer", model.Encoder.Options.Tokenizer.ToString().ToLowerInvariant());
        json.WriteNumber("vocabulary", model.Encoder.Vocabulary.Count);
        json.WriteNumber("steps", model.Options.Steps);
    }

    /// <summary>The text of files or of standard input, from a column of tables where the model was trained on one.</summary>
    private static TextCorpus Read(LanguageModel model, IReadOnlyList<string> files, CsvOptionSet csv, ParseResult result)
    {
        csv.RefuseAllBut(model.TextColumn is null ? csv.OfPlainText : csv.OfTexts, result, model.Task);
        if (model.TextColumn is { } column)
        {
            return TextCorpus.Of(csv.ReadTexts(result, files, column, labelColumn: null));
        }
        string? encoding = csv.Read(result).Encoding;
        return DataInput.Read(files, names => TextCorpus.Read(names, encoding), input => TextCorpus.Read(input, encoding));
    }

    private static string Tokens(LanguageModel model) => model.Encoder.Options.Tokenizer switch
    {
        TokenizerKind.Characters => "characters",
        TokenizerKind.Bpe => "byte pairs",
        _ => "words",
    } + $", {Numbers.Count(model.Encoder.Vocabulary.Count)} known";

    private static void PrintScores(IAnsiConsole console, string network, LanguageModelMetrics? metrics, LanguageModelMetrics unigram)
    {
        Table table = new() { Border = TableBorder.Simple };
        table.AddColumn("score");
        foreach (string metric in (string[])["loss (nats per token)", "perplexity", "bits per character"])
        {
            table.AddColumn(metric, column => column.RightAligned());
        }
        if (metrics is not null)
        {
            AddRow(network, metrics, "bold");
        }
        AddRow("unigram", unigram, "default");
        console.Write(table);

        void AddRow(string name, LanguageModelMetrics row, string style) => table.AddRow(
            [.. new[] { name, Numbers.Short(row.Loss), Numbers.Short(row.Perplexity), Numbers.Short(row.BitsPerCharacter) }.Select(cell => new Text(cell, Style.Parse(style)))]);
    }
}
