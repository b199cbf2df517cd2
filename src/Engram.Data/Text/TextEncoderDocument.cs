namespace Engram.Data;

/// <summary>All that a <see cref="TextEncoder"/> needs, in a form that goes into the JSON of a model file.</summary>
public sealed record TextEncoderDocument
{
    /// <summary>How texts are cut.</summary>
    public required TextOptions Options { get; init; }

    /// <summary>The tokens in the order of their ids, the special ones first.</summary>
    public required IReadOnlyList<string> Tokens { get; init; }

    /// <summary>How often each token occurred; null where that is not known.</summary>
    public IReadOnlyList<long>? Counts { get; init; }

    /// <summary>For <see cref="TokenizerKind.Bpe"/> the pairs that are merged, in the order in which they were learnt: two tokens with a blank between them.</summary>
    public IReadOnlyList<string>? Merges { get; init; }
}
