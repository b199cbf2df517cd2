using System.Globalization;
using CsvHelper;

namespace Engram.Tasks;

/// <summary>Writes predictions as CSV: <c>text,label,predicted,probability</c>, without the label where it is not known.</summary>
internal static class ClassifierCsv
{
    public static void Write(TextWriter writer, IReadOnlyList<string> texts, IReadOnlyList<string>? labels, IReadOnlyList<Classification> predictions)
    {
        using CsvWriter csv = CsvWriter.Create(writer, new CsvWriterOptions { NewLine = "\n" }, leaveOpen: true);
        csv.WriteRecord(labels is null ? ["text", "predicted", "probability"] : ["text", "label", "predicted", "probability"]);
        for (int i = 0; i < texts.Count; i++)
        {
            string probability = predictions[i].Probability.ToString("0.######", CultureInfo.InvariantCulture);
            csv.WriteRecord(labels is null ? [texts[i], predictions[i].Label, probability] : [texts[i], labels[i], predictions[i].Label, probability]);
        }
    }
}
