using System.Text.Json.Serialization;

namespace Engram.Tasks;

/// <summary>The scores of a classifier on texts, beside the baselines.</summary>
public sealed record ClassifierEvaluation
{
    /// <summary>Always <c>classify</c>.</summary>
    [JsonPropertyOrder(-1)]
    public string Task { get; init; } = ClassifierDocument.TaskKind;

    /// <summary>The data.</summary>
    public required ReportData Data { get; init; }

    /// <summary>How well the network classifies them.</summary>
    public required ClassifierMetrics Metrics { get; init; }

    /// <summary>The baselines on the same texts; null for a model whose training did not come to its end.</summary>
    public ClassifierBaselines? Baselines { get; init; }

    /// <summary>The wrong predictions of which the network was surest, at most ten.</summary>
    public required IReadOnlyList<ClassifierMistake> Mistakes { get; init; }

    /// <summary>The result in words; null where there are no baselines.</summary>
    public string? Verdict { get; init; }

    /// <summary>The document as JSON, indented.</summary>
    public string ToJson() => TaskJson.Write(this, TaskJson.Readable.ClassifierEvaluation);
}
