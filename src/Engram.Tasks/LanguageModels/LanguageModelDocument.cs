using Engram.Data;
using static Engram.Tasks.TaskModel;

namespace Engram.Tasks;

/// <summary>What a language model's file holds beside the network: under the key <c>task</c> of its description.</summary>
internal sealed record LanguageModelDocument
{
    public const string TaskKind = "language-model";

    public string Kind { get; init; } = TaskKind;

    /// <summary>How the text becomes token ids.</summary>
    public required TextEncoderDocument Encoder { get; init; }

    /// <summary>How often each token stood in the training text, by id.</summary>
    public required IReadOnlyList<long> Unigram { get; init; }

    /// <summary>How it was trained.</summary>
    public required LanguageModelOptions Options { get; init; }

    /// <summary>The column of texts, where the files were tables; null where they were text.</summary>
    public string? TextColumn { get; init; }

    /// <summary>The files trained on, and SHA-256 of their bytes.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <inheritdoc cref="Files"/>
    public required string Sha256 { get; init; }

    /// <summary>What came out; null while training.</summary>
    public LanguageModelReport? Report { get; init; }

    /// <exception cref="FormatException">Something is missing, out of range, or does not fit the network.</exception>
    public void Check(Model model)
    {
        Require(Encoder?.Tokens is { Count: > 0 } && Options?.Units is not null && Options.Text is not null && Files is not null && Sha256 is not null, "its options are missing");
        int count = Encoder!.Tokens.Count;
        Require(Options!.Steps >= 1 && Options.BatchSize >= 1 && Enum.IsDefined(Options.Cell), "its steps are out of range");
        Require(model is Sequential && model.InputShape is { Rank: 1 } && model.OutputShape is { Rank: 2 } output && output[1] == count,
            $"the network takes {model.InputShape} and gives {model.OutputShape}, which does not fit its vocabulary of {count}");
        Require((model.Layers[0] as Embedding)?.Vocabulary == count, "its vocabulary does not fit the embedding");
        Require(Unigram?.Count == count && Unigram.All(times => times >= 0), "its counts are damaged");
    }
}
