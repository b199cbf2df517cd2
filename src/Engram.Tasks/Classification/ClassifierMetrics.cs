using System.Text.Json.Serialization;

namespace Engram.Tasks;

/// <summary>How well texts were classified.</summary>
/// <param name="Accuracy">Share of the texts whose class was found.</param>
/// <param name="F1">Mean of the F1 of the classes that a text is of or was taken for, each class alike (macro average).</param>
/// <param name="Auc">Area under the ROC curve, of each class against the rest, their mean; null where there is but one class.</param>
/// <param name="Loss">Mean negative logarithm of the true class's probability, in nats.</param>
public sealed record ClassifierMetrics(double Accuracy, double F1, double? Auc, double Loss)
{
    /// <summary>Precision, recall and F1 of each class.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ClassMetrics>? ByClass { get; init; }

    /// <summary>For each true class a row: how many of its texts were taken for each class.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<IReadOnlyList<int>>? Confusion { get; init; }
}

/// <summary>How well one class was found.</summary>
/// <param name="Class">The label.</param>
/// <param name="Precision">Share of the texts taken for it that are of it; 0 where there is none.</param>
/// <param name="Recall">Share of its texts that were found; 0 where there is none.</param>
/// <param name="F1">Their harmonic mean.</param>
/// <param name="Texts">How many texts are of it.</param>
public sealed record ClassMetrics(string Class, double Precision, double Recall, double F1, int Texts);
