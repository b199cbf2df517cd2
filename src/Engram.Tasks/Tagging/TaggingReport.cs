using System.Text.Json.Serialization;

namespace Engram.Tasks;

/// <summary>What came out of training a tagger. The verdict calls less than a tenth of a percent of F1 no difference.</summary>
public sealed record TaggingReport : TaskReport
{
    /// <inheritdoc/>
    [JsonPropertyOrder(-10)]
    public override string Task => TaggingDocument.TaskKind;

    /// <summary>The scheme of the tags, as it was found.</summary>
    public required TagScheme Scheme { get; init; }

    /// <summary>The network's scores.</summary>
    public required TaggingScores Metrics { get; init; }

    /// <summary>The baselines' scores on the test part.</summary>
    public required TaggingBaselines Baselines { get; init; }

    /// <inheritdoc/>
    public override string ToJson() => TaskJson.Write(this, TaskJson.Readable.TaggingReport);
}

/// <summary>Scores of a network.</summary>
/// <param name="Test">On the test part, which it never saw.</param>
/// <param name="Validation">On the part on which the best epoch was chosen; null where there is none.</param>
public sealed record TaggingScores(TaggingMetrics Test, TaggingMetrics? Validation);

/// <summary>Scores of simple taggers.</summary>
/// <param name="Majority">Each word gets the tag that it has most often in training, an unknown one the tag that is most frequent.</param>
public sealed record TaggingBaselines(TaggingMetrics Majority);

/// <summary>How a tagger did on sentences of known tags, beside the baseline.</summary>
/// <param name="Sentences">Number of sentences.</param>
/// <param name="Metrics">The tagger's scores.</param>
public sealed record TaggingEvaluation(int Sentences, TaggingMetrics Metrics)
{
    /// <summary>Always <c>tag</c>.</summary>
    [JsonPropertyOrder(-1)]
    public string Task { get; init; } = TaggingDocument.TaskKind;

    /// <summary>The baseline on the same sentences; null for a model whose training did not come to its end.</summary>
    public TaggingBaselines? Baselines { get; init; }

    /// <summary>The result in words; null where there is no baseline.</summary>
    public string? Verdict { get; init; }

    /// <summary>The document as JSON, indented.</summary>
    public string ToJson() => TaskJson.Write(this, TaskJson.Readable.TaggingEvaluation);
}
