using System.Globalization;
using Engram.Data;

namespace Engram.Tasks;

/// <summary>Makes the parts of reports.</summary>
internal static class ReportParts
{
    public static ReportPart Of(SeriesData data, int first, int end) =>
        end <= first ? new ReportPart(null, null, 0) : new ReportPart(Name(data, first), Name(data, end - 1), end - first);

    /// <summary>The network of a task that reads tokens, and the word vectors that it began with.</summary>
    public static ReportModel Of(Model model, TextTrainingOptions options, WordVectors? vectors) => Of(model, options.Cell) with
    {
        WordVectors = vectors is null ? null
            : new ReportWordVectors(options.WordVectors!, vectors.Sha256, vectors.Size, vectors.FoundCount, vectors.WordCount, vectors.TokenShare!.Value),
    };

    public static ReportModel Of(Model model, CellKind cell) => new(
        model.ParameterCount,
        [.. model.Layers.Select(layer => new ReportLayer(
            layer.Name,
            layer.Kind,
            layer switch { RecurrentLayer recurrent => recurrent.OutputSize, Dense dense => dense.Units, _ => null },
            layer.Parameters.Sum(parameter => parameter.Shape.Count)))])
    {
        Cell = cell,
    };

    private static string Name(SeriesData data, int row) => data.Times.IsEmpty
        ? string.Create(CultureInfo.InvariantCulture, $"row {row + 1}")
        : TimeFormat.For(data.Step, [data.Times.Span[row]]).Write(data.Times.Span[row]);
}
