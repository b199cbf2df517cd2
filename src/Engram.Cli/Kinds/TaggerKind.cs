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

/// <summary>Taggers on the command line.</summary>
internal sealed class TaggerKind : ModelKind<SequenceTagger>
{
    public override string Task => TaggingDocument.TaskKind;

    public override string Unit => "token";

    public override int Resume(string folder, Device device, Terminal terminal) => TrainingRun.Execute(terminal, this, (progress, cancellation) =>
        TaggingRun.Resume(folder, device, progress, cancellation: cancellation));

    public override IReadOnlyList<string> SavePictures(string folder, SequenceTagger trained) =>
        LossPicture.Save(folder, trained.Training!.History, trained.Report!.Training.BestEpoch, trained.Report.Training.BestBy);

    public override void Print(IAnsiConsole console, SequenceTagger trained, string folder)
    {
        TaggingReport report = trained.Report!;
        console.WriteLine($"Tagger of {Quantity.Of(trained.KnownTags.Count, "tag")}, {Quantity.Of(trained.VocabularySize, "word")} known.");
        RunSummary.PrintTraining(console, report);
        RunSummary.PrintTest(console, report.Split, "sentence");
        console.WriteLine();
        PrintScores(console, [("tagger", report.Metrics.Test), .. Majority(report.Baselines)]);
        RunSummary.PrintVerdict(console, report.Verdict);
        console.WriteLine($"Written to {folder}: model.safetensors, report.json, predictions.csv, loss.png");
    }

    protected override int Predict(SequenceTagger model, PredictRequest request, Terminal terminal)
    {
        request.RefuseForecastOptions("tag");
        IReadOnlyList<TaggedSentence> sentences = Read(model, request.Files, tagged: false, request.Csv, request.Result, terminal);
        IReadOnlyList<IReadOnlyList<string>> tags = model.Tag(sentences);
        request.Write(terminal.Json, output => WriteTags(output, sentences, tags), writer => TaggingCsv.WriteTokens(writer, sentences, tags));
        return ExitCode.Done;
    }

    protected override int Evaluate(SequenceTagger model, IReadOnlyList<string> files, CsvOptionSet csv, ParseResult result, Terminal terminal)
    {
        TaggingEvaluation evaluation = model.Evaluate(Read(model, files, tagged: true, csv, result, terminal));
        if (terminal.Json)
        {
            Console.Out.WriteLine(evaluation.ToJson());
        }
        else
        {
            IAnsiConsole console = Terminal.Results();
            console.WriteLine($"Scored: {Quantity.Of(evaluation.Sentences, "sentence")}.");
            console.WriteLine();
            PrintScores(console, [("tagger", evaluation.Metrics), .. evaluation.Baselines is { } baselines ? Majority(baselines) : []]);
            if (evaluation.Verdict is { } verdict)
            {
                RunSummary.PrintVerdict(console, verdict);
            }
        }
        return ExitCode.Done;
    }

    protected override IEnumerable<(string Name, string Text)> Describe(SequenceTagger model) =>
    [
        ("Task", $"tags of tokens, {Quantity.Of(model.KnownTags.Count, "tag")} in the scheme {model.Scheme.ToString().ToLowerInvariant()}, {Quantity.Of(model.VocabularySize, "word")}"),
        ("Tags", string.Join(", ", model.KnownTags)),
    ];

    protected override string DescribeOptions(SequenceTagger model) => string.Create(CultureInfo.InvariantCulture,
        $"{(model.Options.Crf ? "field over tags" : "tags one by one")}, characters {model.Options.Characters}, embedding {model.Options.EmbeddingSize}").ToLowerInvariant();

    protected override (string Name, string Text) DescribeResult(SequenceTagger model) => ("Test F1", $"{Percent(model.Report!.Metrics.Test.F1)}, {model.Report.Verdict}");

    protected override void WriteJson(Utf8JsonWriter json, SequenceTagger model)
    {
        JsonOutput.WriteArray(json, "tags", model.KnownTags, json.WriteStringValue);
        json.WriteNumber("words", model.VocabularySize);
        json.WriteBoolean("crf", model.Options.Crf);
    }

    private static IReadOnlyList<TaggedSentence> Read(SequenceTagger model, IReadOnlyList<string> files, bool tagged, CsvOptionSet csv, ParseResult result, Terminal terminal)
    {
        csv.RefuseAllBut([], result, model.Task);
        TokenColumns columns = new(model.Columns.Token, tagged ? model.Columns.Label : null, model.Columns.Features);
        if (files.Count == 0)
        {
            throw new InvalidOptionException("DATA", "", "is missing: name a file with a token to a line and an empty line between sentences, or - for standard input.");
        }
        TokenFiles data = DataInput.Read(files, names => TokenFile.Read(names, columns, CancellationToken.None), input => TokenFile.Read(input, columns, CancellationToken.None));
        terminal.SayNotes(data.Notes);
        return data.Sentences;
    }

    private static IReadOnlyList<(string Name, TaggingMetrics Metrics)> Majority(TaggingBaselines baselines) => [("majority tag of each word", baselines.Majority)];

    private static void PrintScores(IAnsiConsole console, IReadOnlyList<(string Name, TaggingMetrics Metrics)> scores)
    {
        Table table = new() { Border = TableBorder.Simple };
        table.AddColumn("percent");
        foreach (string metric in (string[])["precision", "recall", "F1", "accuracy"])
        {
            table.AddColumn(metric, column => column.RightAligned());
        }
        foreach ((string name, TaggingMetrics metrics) in scores)
        {
            table.AddRow(new Text(name), new Text(Percent(metrics.Precision)), new Text(Percent(metrics.Recall)), new Text(Percent(metrics.F1)), new Text(Percent(metrics.Accuracy)));
        }
        console.Write(table);
        if (scores[0].Metrics.ByType is { Count: > 1 } types)
        {
            Table byType = new() { Border = TableBorder.Simple };
            byType.AddColumns("chunk", "number", "precision", "recall", "F1");
            foreach ((string type, ChunkMetrics metrics) in types)
            {
                byType.AddRow(new Text(type), new Text(Numbers.Count(metrics.Chunks)), new Text(Percent(metrics.Precision)), new Text(Percent(metrics.Recall)), new Text(Percent(metrics.F1)));
            }
            console.Write(byType);
        }
    }

    private static void WriteTags(Stream output, IReadOnlyList<TaggedSentence> sentences, IReadOnlyList<IReadOnlyList<string>> tags) => JsonOutput.Write(output, json =>
    {
        json.WriteString("task", TaggingDocument.TaskKind);
        json.WriteString("engram", EngramVersion.Current);
        json.WriteStartArray("sentences");
        for (int i = 0; i < sentences.Count; i++)
        {
            json.WriteStartArray();
            for (int token = 0; token < tags[i].Count; token++)
            {
                json.WriteStartObject();
                json.WriteString("text", sentences[i].Tokens[token]);
                json.WriteString("tag", tags[i][token]);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteEndArray();
    });

    private static string Percent(double value) => value.ToString("0.00", CultureInfo.InvariantCulture);
}
