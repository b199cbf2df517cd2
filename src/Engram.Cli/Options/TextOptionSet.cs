using System.CommandLine;
using Engram.Data;

namespace Engram.Cli.Options;

/// <summary>The options of <see cref="TextOptions"/>: how texts become tokens, with the task's own defaults.</summary>
internal sealed class TextOptionSet
{
    private static readonly IReadOnlyList<(string Name, TokenizerKind Kind)> Tokenizers =
    [
        ("words", TokenizerKind.Words), ("whitespace", TokenizerKind.Whitespace), ("characters", TokenizerKind.Characters), ("bpe", TokenizerKind.Bpe),
    ];

    private readonly Option<int?> _vocabulary;
    private readonly Option<int?> _minimumCount;
    private readonly Option<bool> _lowerCase;
    private readonly Option<bool> _keepCase;
    private readonly Option<UnicodeForm?> _unicode;
    private readonly TextOptions _defaults;

    /// <summary>What texts are cut into.</summary>
    public Option<TokenizerKind?> Tokenizer { get; }

    /// <param name="defaults">What holds where an option is not given.</param>
    /// <param name="tokenizer">The default tokenizer in words.</param>
    public TextOptionSet(TextOptions defaults, string? tokenizer = null)
    {
        _defaults = defaults;
        Tokenizer = Opt.Value("--tokenizer", "words|whitespace|characters|bpe",
            "What texts are cut into; whitespace takes them as already cut.", tokenizer ?? Tokenizers.First(one => one.Kind == defaults.Tokenizer).Name,
            text => Values.OneOf(text, Tokenizers));
        _vocabulary = Opt.Value("--vocabulary", "N", "The most tokens that get a number, the most frequent first.",
            defaults.Vocabulary is { } most ? Values.Write(most) : "all; with bpe 8000", Values.Integer);
        _minimumCount = Opt.Value("--minimum-count", "N", "How often a token must occur to get a number.",
            Values.Write(defaults.MinimumCount), Values.Integer);
        _lowerCase = Opt.Flag("--lower-case", "Read capitals as small letters.");
        _keepCase = Opt.Flag("--keep-case", "Tell capitals from small letters.");
        _unicode = Opt.Value("--unicode", "none|nfc|nfkc", "The normal form that texts are brought into first.", "nfc",
            text => Values.OneOf(text, [("none", UnicodeForm.None), ("nfc", UnicodeForm.Nfc), ("nfkc", UnicodeForm.Nfkc)]));
    }

    public IEnumerable<Option> All => [Tokenizer, _vocabulary, _minimumCount, _defaults.LowerCase ? _keepCase : _lowerCase, _unicode];

    /// <summary>The options as given; what was left out has its default.</summary>
    /// <param name="result">What was given.</param>
    /// <param name="tokenizer">The tokenizer where none was given.</param>
    public TextOptions Read(ParseResult result, TokenizerKind? tokenizer = null)
    {
        const int bytePairs = 8000;
        TokenizerKind kind = result.GetValue(Tokenizer) ?? tokenizer ?? _defaults.Tokenizer;
        return new TextOptions
        {
            Tokenizer = kind,
            Vocabulary = result.GetValue(_vocabulary) ?? _defaults.Vocabulary ?? (kind == TokenizerKind.Bpe ? bytePairs : null),
            MinimumCount = result.GetValue(_minimumCount) ?? _defaults.MinimumCount,
            LowerCase = _defaults.LowerCase ? !result.GetValue(_keepCase) : result.GetValue(_lowerCase),
            Unicode = result.GetValue(_unicode) ?? _defaults.Unicode,
        };
    }
}
