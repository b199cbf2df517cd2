using System.Globalization;
using System.Text;

namespace Engram;

/// <summary>One line of a summary: a layer, or one of its applications where it is applied more than once.</summary>
/// <param name="Name">The layer's name, numbered from its second application on; <c>input</c> for an input.</param>
/// <param name="Kind">The layer's kind; <c>input</c> for an input.</param>
/// <param name="OutputShape">Shape of its output for one sample, without the batch; null where that is not known.</param>
/// <param name="Parameters">Number of its weights; 0 from the second application on.</param>
/// <param name="ConnectedTo">Names of the lines that it takes its inputs from; none for inputs and where that is not known.</param>
public sealed record SummaryRow(string Name, string Kind, Shape? OutputShape, long Parameters, IReadOnlyList<string> ConnectedTo);

/// <summary>What a model consists of, as a table (<see cref="ToString"/>) and as a picture (<see cref="ToSvg"/>).</summary>
public sealed class ModelSummary
{
    private static readonly string[] Head = ["Layer", "Output shape", "Weights", "Connected to"];

    internal ModelSummary(IReadOnlyList<SummaryRow> rows, IReadOnlyList<Parameter>? parameters)
    {
        Rows = rows;
        Parameters = parameters?.Sum(parameter => parameter.Shape.Count);
        Trainable = parameters?.Where(parameter => parameter.IsTrainable).Sum(parameter => parameter.Shape.Count);
    }

    /// <summary>Inputs and layers, each behind what it takes.</summary>
    public IReadOnlyList<SummaryRow> Rows { get; }

    /// <summary>Number of weights; null where the model has none yet.</summary>
    public long? Parameters { get; }

    /// <summary>Number of the weights that optimizers change; null where the model has none yet.</summary>
    public long? Trainable { get; }

    /// <summary>The summary as a table: layer, output shape, number of weights, what it is connected to.</summary>
    public override string ToString()
    {
        List<string[]> lines = [Head, .. Rows.Select(row => (string[])[Title(row), ShapeText(row), Number(row.Parameters), string.Join(", ", row.ConnectedTo)])];
        int[] widths = [.. Enumerable.Range(0, 4).Select(column => lines.Max(line => line[column].Length))];
        var text = new StringBuilder();
        for (int i = 0; i < lines.Count; i++)
        {
            string[] line = lines[i];
            text.AppendLine($"{line[0].PadRight(widths[0])}  {line[1].PadRight(widths[1])}  {line[2].PadLeft(widths[2])}  {line[3]}".TrimEnd());
            if (i == 0)
            {
                text.AppendLine(string.Join("  ", widths.Select(width => new string('─', width))));
            }
        }
        return text.Append(Total()).ToString();
    }

    /// <summary>The summary as a picture, an SVG document: layers as boxes, what they take as arrows. No other program is needed.</summary>
    public string ToSvg() => SummarySvg.Draw(this);

    /// <summary>The name, and the kind where the name does not say it.</summary>
    internal static string Title(SummaryRow row) => row.Name.StartsWith(row.Kind, StringComparison.Ordinal) ? row.Name : $"{row.Name} ({row.Kind})";

    internal static string ShapeText(SummaryRow row) => row.OutputShape is { } shape
        ? $"[{string.Join(", ", shape.ToArray().Select(size => size.ToString(CultureInfo.InvariantCulture)).Prepend("batch"))}]" : "?";

    internal static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    internal string Total() => Parameters is not { } all ? "No weights yet: they are made when the model meets its first input."
        : Trainable == all ? $"{Number(all)} weights" : $"{Number(all)} weights, {Number(Trainable!.Value)} of them trainable";
}
