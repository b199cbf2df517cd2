namespace Engram.Tasks;

/// <summary>A sentence, token by token.</summary>
public sealed record TaggedSentence
{
    /// <summary>A sentence.</summary>
    /// <param name="tokens">Its tokens, at least one.</param>
    /// <param name="tags">The tag of each; null where they are not known.</param>
    /// <exception cref="ArgumentException">There is no token, or there are more or fewer tags than tokens.</exception>
    public TaggedSentence(IReadOnlyList<string> tokens, IReadOnlyList<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.Count == 0 || (tags is not null && tags.Count != tokens.Count))
        {
            throw new ArgumentException($"A sentence has at least one token and a tag for each, but here are {tokens.Count} tokens and {tags?.Count ?? 0} tags.", nameof(tags));
        }
        (Tokens, Tags) = (tokens, tags);
    }

    /// <summary>The tokens.</summary>
    public IReadOnlyList<string> Tokens { get; }

    /// <summary>The tag of each token; null where they are not known.</summary>
    public IReadOnlyList<string>? Tags { get; }

    /// <summary>What else is known of the tokens: for each feature a text for each token, such as its part of speech. None by default.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Features { get; init; } = [];

    /// <summary>The line of the file where it begins, 1 the first; 0 where it is of no file.</summary>
    public long Line { get; init; }
}
