using Engram.Data;
using static Engram.Tasks.TaskModel;

namespace Engram.Tasks;

/// <summary>What a tagger's model file holds beside the network: under the key <c>task</c> of its description.</summary>
internal sealed record TaggingDocument
{
    public const string TaskKind = "tag";

    public string Kind { get; init; } = TaskKind;

    /// <summary>Words, behind the special entries; so are characters and features.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    public required IReadOnlyList<string> Characters { get; init; }

    public required IReadOnlyList<IReadOnlyList<string>> Features { get; init; }

    /// <summary>Tags, in the scheme that the network learns.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>The scheme that the network learns.</summary>
    public required TagScheme Learnt { get; init; }

    /// <summary>The scheme of the data.</summary>
    public required TagScheme Told { get; init; }

    /// <summary>The columns of files; those of the training run.</summary>
    public required TaggingColumns Columns { get; init; }

    /// <summary>How it was trained.</summary>
    public required TaggingOptions Options { get; init; }

    /// <summary>The files trained on.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>SHA-256 of their bytes.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The baseline; null while training.</summary>
    public MajorityDocument? Majority { get; init; }

    /// <summary>What came out; null while training.</summary>
    public TaggingReport? Report { get; init; }

    /// <summary>The entries of a vocabulary behind the special ones.</summary>
    public static IReadOnlyList<string> Own(Vocabulary vocabulary) => [.. vocabulary.Tokens.Skip(Vocabulary.Specials.Count)];

    public TaggerVocabulary ToVocabulary() => new(Whole(Words), Whole(Characters), [.. Features.Select(Whole)], Tags);

    /// <exception cref="FormatException">Something is missing, out of range, or does not fit the network.</exception>
    public void Check(Model model)
    {
        Require(Words is not null && Characters is not null && Features is not null && Tags is { Count: > 0 } && Tags.All(tag => !string.IsNullOrEmpty(tag)), "its vocabulary is missing");
        Require(Tags!.Distinct(StringComparer.Ordinal).Count() == Tags.Count, "a tag stands there twice");
        Require(Features!.Count >= TokenSpelling.FeatureCount && Features.All(feature => feature is not null), "its features are missing");
        Require(Enum.IsDefined(Learnt) && Enum.IsDefined(Told) && Columns?.Features is not null && Files is not null && Sha256 is not null, "its scheme or columns are missing");
        Require(Options?.Units is not null && Enum.IsDefined(Options.Characters), "its options are missing");
        Require(Columns!.Features.Count == Features.Count - TokenSpelling.FeatureCount, "its columns do not fit its features");
        Require(model is Graph graph && graph.OutputCount == 1 && graph.InputCount == 1 + (Options!.Characters == CharacterReader.None ? 0 : 1) + Features.Count, "its network has other inputs");
        Require(model.OutputShape is { } shape && shape == (Options!.Crf ? new Shape(shape[0], Tags.Count, Tags.Count) : new Shape(shape[0], Tags.Count)), "its network has other outputs");
        Require(Vocabulary.Specials.Count + Words!.Count == ((Embedding)model.Layers.First(layer => layer is Embedding)).Vocabulary, "its words do not fit the network");
    }

    private static Vocabulary Whole(IReadOnlyList<string> own) => new([.. Vocabulary.Specials, .. own], null);
}

/// <summary>Which columns of files are read.</summary>
/// <param name="Token">The column of the token.</param>
/// <param name="Label">That of its tag.</param>
/// <param name="Features">Further ones.</param>
internal sealed record TaggingColumns(int Token, int Label, IReadOnlyList<int> Features);
