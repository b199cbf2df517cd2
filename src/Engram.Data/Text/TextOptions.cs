namespace Engram.Data;

/// <summary>How texts become tokens and which tokens get a number. Part of the model file.</summary>
public sealed record TextOptions
{
    /// <summary>The longest token that a vocabulary takes, in characters; a longer one is unknown.</summary>
    internal const int LongestToken = 256;

    /// <summary>What a text is cut into. Default: words.</summary>
    public TokenizerKind Tokenizer { get; init; }

    /// <summary>The normal form that texts are brought into first. Default: <see cref="UnicodeForm.Nfc"/>.</summary>
    public UnicodeForm Unicode { get; init; } = UnicodeForm.Nfc;

    /// <summary>Whether capitals become small letters. Default: no.</summary>
    public bool LowerCase { get; init; }

    /// <summary>
    /// Most entries of the vocabulary, the four special ones included: the most frequent tokens stay. At least 5; with <see cref="TokenizerKind.Bpe"/> at
    /// least 260, and needed, since it says how many pieces are learnt. Default: null, no limit.
    /// </summary>
    public int? Vocabulary { get; init; }

    /// <summary>How often a token (with <see cref="TokenizerKind.Bpe"/>: a pair that is merged) must occur to get a number, 1 or more. Default: 1.</summary>
    public int MinimumCount { get; init; } = 1;

    /// <summary>What is out of range, as option, value and rule; null where nothing is.</summary>
    internal (string Option, object? Value, string Rule)? Fault()
    {
        int least = Data.Vocabulary.SpecialCount + (Tokenizer == TokenizerKind.Bpe ? 256 : 1);
        return !Enum.IsDefined(Tokenizer) ? (nameof(Tokenizer), Tokenizer, "is not one of its values.")
            : !Enum.IsDefined(Unicode) ? (nameof(Unicode), Unicode, "is not one of its values.")
            : Vocabulary is null && Tokenizer == TokenizerKind.Bpe ? (nameof(Vocabulary), null, "byte-pair encoding needs to know how many entries to learn, such as 16000.")
            : Vocabulary < least ? (nameof(Vocabulary), Vocabulary, $"must be at least {least}, the special entries included.")
            : MinimumCount < 1 ? (nameof(MinimumCount), MinimumCount, "must be at least 1.")
            : null;
    }

    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    internal void Check()
    {
        if (Fault() is var (option, value, rule))
        {
            throw new ArgumentOutOfRangeException($"options.{option}", value, rule);
        }
    }
}
