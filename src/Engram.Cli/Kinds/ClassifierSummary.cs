using Engram.Cli.Output;
using Engram.Tasks;
using Spectre.Console;

namespace Engram.Cli.Kinds;

/// <summary>Scores and predictions of classifiers, for a reader and as JSON.</summary>
internal static class ClassifierSummary
{
    private const int MostClasses = 20;

    /// <summary>The scores beside the baselines', and those of each class.</summary>
    public static void Print(IAnsiConsole console, string network, ClassifierMetrics metrics, ClassifierBaselines? baselines)
    {
        Table table = new() { Border = TableBorder.Simple };
        table.AddColumn("score");
        foreach (string metric in (string[])["accuracy", "F1", "AUC", "loss"])
        {
            table.AddColumn(metric, column => column.RightAligned());
        }
        AddRow(network, metrics, "bold");
        if (baselines is not null)
        {
            AddRow("bag of words", baselines.BagOfWords, "default");
            AddRow("majority", baselines.Majority, "default");
        }
        console.Write(table);
        if (metrics.ByClass is { Count: <= MostClasses } byClass)
        {
            Table classes = new() { Border = TableBorder.Simple };
            classes.AddColumn("class");
            foreach (string metric in (string[])["precision", "recall", "F1", "texts"])
            {
                classes.AddColumn(metric, column => column.RightAligned());
            }
            foreach (ClassMetrics one in byClass)
            {
                classes.AddRow(
                    new Text(one.Class), new Text(Numbers.Short(one.Precision)), new Text(Numbers.Short(one.Recall)), new Text(Numbers.Short(one.F1)),
                    new Text(Numbers.Count(one.Texts)));
            }
            console.Write(classes);
        }

        void AddRow(string name, ClassifierMetrics row, string style) => table.AddRow(
            [.. new[] { name, Numbers.Short(row.Accuracy), Numbers.Short(row.F1), row.Auc is { } auc ? Numbers.Short(auc) : "", Numbers.Short(row.Loss) }
                .Select(cell => new Text(cell, Style.Parse(style)))]);
    }

    /// <summary>What <see cref="ClassifierCsv"/> writes, with the probability of each class.</summary>
    public static void WriteJson(Stream output, TextClassifier model, IReadOnlyList<string> texts, IReadOnlyList<Classification> predictions) =>
        JsonOutput.Write(output, json =>
        {
            json.WriteString("task", model.Task);
            json.WriteString("engram", EngramVersion.Current);
            json.WriteStartArray("predictions");
            for (int i = 0; i < texts.Count; i++)
            {
                json.WriteStartObject();
                json.WriteString("text", texts[i]);
                json.WriteString("predicted", predictions[i].Label);
                json.WriteNumber("probability", predictions[i].Probability);
                json.WriteStartObject("probabilities");
                for (int c = 0; c < model.Classes.Count; c++)
                {
                    json.WriteNumber(model.Classes[c], predictions[i].Probabilities[c]);
                }
                json.WriteEndObject();
                json.WriteEndObject();
            }
            json.WriteEndArray();
        });
}
