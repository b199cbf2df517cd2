using System.Runtime.InteropServices;
using Engram.Data;
using static Engram.Tasks.TaskModel;

namespace Engram.Tasks;

/// <summary>What a classifier's model file holds beside the network: under the key <c>task</c> of its description.</summary>
internal sealed record ClassifierDocument
{
    public const string TaskKind = "classify";

    public string Kind { get; init; } = TaskKind;

    /// <summary>How texts become token ids.</summary>
    public required TextEncoderDocument Encoder { get; init; }

    /// <summary>The labels in the order of the network's outputs.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>The column of texts, and that of labels; null where the texts came from memory.</summary>
    public string? TextColumn { get; init; }

    /// <inheritdoc cref="TextColumn"/>
    public string? LabelColumn { get; init; }

    /// <summary>How it was trained.</summary>
    public required ClassifierOptions Options { get; init; }

    /// <summary>The files trained on, and SHA-256 of their bytes.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <inheritdoc cref="Files"/>
    public required string Sha256 { get; init; }

    /// <summary>How many training texts each class had.</summary>
    public required IReadOnlyList<long> ClassCounts { get; init; }

    /// <summary>The linear baseline; null while training.</summary>
    public BagOfWordsDocument? BagOfWords { get; init; }

    /// <summary>What came out; null while training.</summary>
    public ClassifierReport? Report { get; init; }

    /// <exception cref="FormatException">Something is missing, out of range, or does not fit the network.</exception>
    public void Check(Model model)
    {
        Require(Classes is { Count: >= 2 } && Classes.All(name => name is not null) && Classes.Distinct(StringComparer.Ordinal).Count() == Classes.Count, "its classes are damaged");
        Require(Encoder is not null && Options?.Units is not null && Options.Text is not null && Files is not null && Sha256 is not null, "its options are missing");
        Require(Options!.Length >= 1 && Enum.IsDefined(Options.Truncation) && Enum.IsDefined(Options.Cell), "its length or truncation is out of range");
        Require(model.InputShape == new Shape(Options.Length), $"the network takes {model.InputShape}, its task [{Options.Length}]");
        int outputs = Classes.Count == 2 ? 1 : Classes.Count;
        Require(model.OutputShape == new Shape(outputs), $"the network gives {model.OutputShape}, its task [{outputs}]");
        Require(model.Layers.OfType<Embedding>().FirstOrDefault()?.Vocabulary == Encoder!.Tokens?.Count, "its vocabulary does not fit the network");
        Require(ClassCounts?.Count == Classes.Count && ClassCounts.All(count => count >= 0), "its class counts are damaged");
        Require(BagOfWords is null || BagOfWords.Fits(Encoder!.Tokens!.Count, Classes!.Count), "its linear baseline is damaged");
    }
}

/// <summary>The linear baseline, as little-endian 32-bit numbers.</summary>
/// <param name="Rarity">[words].</param>
/// <param name="Weights">[words, classes].</param>
/// <param name="Biases">[classes].</param>
internal sealed record BagOfWordsDocument(byte[] Rarity, byte[] Weights, byte[] Biases)
{
    public static BagOfWordsDocument Of(BagOfWords bag) => new(
        MemoryMarshal.AsBytes(bag.Rarity.Span).ToArray(), MemoryMarshal.AsBytes(bag.Weights.Span).ToArray(), MemoryMarshal.AsBytes(bag.Biases.Span).ToArray());

    public bool Fits(int words, int classes) =>
        Rarity?.Length == (long)words * sizeof(float) && Weights?.Length == BagOfWords.WeightCount(words, classes) * sizeof(float) && Biases?.Length == (long)classes * sizeof(float);

    public BagOfWords ToBaseline() => new(Floats(Rarity), Floats(Weights), Floats(Biases));

    private static float[] Floats(byte[] bytes) => MemoryMarshal.Cast<byte, float>(bytes).ToArray();
}
