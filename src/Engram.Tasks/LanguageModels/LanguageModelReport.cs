using System.Text.Json.Serialization;

namespace Engram.Tasks;

/// <summary>What came out of training a language model. Parts of the split are counted in tokens.</summary>
public sealed record LanguageModelReport : TaskReport
{
    /// <inheritdoc/>
    [JsonPropertyOrder(-10)]
    public override string Task => LanguageModelDocument.TaskKind;

    /// <summary>How well the network predicts the next token.</summary>
    public required LanguageModelScores Metrics { get; init; }

    /// <summary>What simple models reach on the text that <see cref="TaskReport.Verdict"/> is about: the test part, or where there is none that for validation.</summary>
    public required LanguageModelBaselines Baselines { get; init; }

    /// <inheritdoc/>
    public override string ToJson() => TaskJson.Write(this, TaskJson.Readable.LanguageModelReport);
}

/// <summary>How well a network predicts.</summary>
/// <param name="Test">The test part, which it never saw; null where there is none.</param>
/// <param name="Validation">The part on which the best epoch was chosen; null where there is none.</param>
public sealed record LanguageModelScores(LanguageModelMetrics? Test, LanguageModelMetrics? Validation);

/// <summary>What simple models reach.</summary>
/// <param name="Unigram">Every token as often as in the training text, whatever stands before; one is added to each count.</param>
public sealed record LanguageModelBaselines(LanguageModelMetrics Unigram);

/// <summary>How well the tokens of a text are predicted.</summary>
/// <param name="Loss">Mean negative logarithm of the true token's probability, in nats per token.</param>
/// <param name="Perplexity">exp(loss): among how many tokens, equally probable, the choice would be as hard.</param>
/// <param name="BitsPerCharacter">The same over the characters of the text, in bits: it compares models of different tokens.</param>
public sealed record LanguageModelMetrics(double Loss, double Perplexity, double BitsPerCharacter)
{
    /// <summary>The metrics of a loss.</summary>
    /// <param name="loss">In nats per token.</param>
    /// <param name="tokens">Tokens that were predicted.</param>
    /// <param name="characters">Characters of their text.</param>
    internal static LanguageModelMetrics Of(double loss, long tokens, long characters) =>
        new(loss, Math.Exp(loss), loss * tokens / Math.Log(2) / Math.Max(1, characters));
}

/// <summary>The scores of a language model on a text, beside the baseline.</summary>
public sealed record LanguageModelEvaluation
{
    /// <summary>Always <c>language-model</c>.</summary>
    [JsonPropertyOrder(-1)]
    public string Task { get; init; } = LanguageModelDocument.TaskKind;

    /// <summary>The data; rows are tokens.</summary>
    public required ReportData Data { get; init; }

    /// <summary>How well the network predicts them.</summary>
    public required LanguageModelMetrics Metrics { get; init; }

    /// <summary>The baseline on the same text.</summary>
    public required LanguageModelBaselines Baselines { get; init; }

    /// <summary>The result in words.</summary>
    public required string Verdict { get; init; }

    /// <summary>The document as JSON, indented.</summary>
    public string ToJson() => TaskJson.Write(this, TaskJson.Readable.LanguageModelEvaluation);
}
