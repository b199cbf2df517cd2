using System.Text.Json.Serialization;

namespace Engram.Tasks;

/// <summary>
/// How good tags are, in percent, as the evaluation script of the CoNLL shared tasks counts: a chunk is right where its type, its first and its last token are.
/// <code>
///   precision = right / found        recall = right / all        F1 = 2 · precision · recall / (precision + recall)
/// </code>
/// </summary>
/// <param name="Precision">Share of the chunks found that are right; 0 where none was found.</param>
/// <param name="Recall">Share of all chunks that were found; 0 where there are none.</param>
/// <param name="F1">The harmonic mean of both.</param>
/// <param name="Accuracy">Share of the tokens with the right tag.</param>
/// <param name="Tokens">Number of tokens.</param>
/// <param name="Chunks">Number of chunks.</param>
public sealed record TaggingMetrics(double Precision, double Recall, double F1, double Accuracy, long Tokens, long Chunks)
{
    /// <summary>The same for the chunks of each type, in the order of their names; null where every token is one of its own, and of a type itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, ChunkMetrics>? ByType { get; init; }
}

/// <summary>How well chunks of one type were found, in percent.</summary>
/// <param name="Precision">Share of the chunks found that are right.</param>
/// <param name="Recall">Share of all chunks that were found.</param>
/// <param name="F1">The harmonic mean of both.</param>
/// <param name="Chunks">Number of chunks.</param>
public sealed record ChunkMetrics(double Precision, double Recall, double F1, long Chunks);
