using System.Text;

namespace Engram.Data;

/// <summary>Cuts a normalised text into tokens, and joins tokens to a text that can be read. Has no state: safe from many threads at once.</summary>
internal abstract class Tokenizer
{
    /// <summary>The tokenizer of a kind; for <see cref="TokenizerKind.Bpe"/> the one that cuts a text into the words whose bytes are paired.</summary>
    public static Tokenizer Of(TokenizerKind kind) => kind switch
    {
        TokenizerKind.Words => new WordTokenizer(),
        TokenizerKind.Whitespace => new WhitespaceTokenizer(),
        TokenizerKind.Characters => new CharacterTokenizer(),
        _ => new BytePairWords(),
    };

    /// <summary>What a letter that cannot be known is written as.</summary>
    public virtual string UnknownText => Vocabulary.Specials[Vocabulary.Unknown];

    /// <summary>Characters that this tokenizer wants changed or left out before it cuts, where a text is not plain ASCII.</summary>
    /// <returns>The character to take instead; −1 for none.</returns>
    public virtual int Prepare(char character) => character;

    /// <summary>Finds the next token.</summary>
    /// <param name="text">The text.</param>
    /// <param name="position">Where to look from; then where the next is to be looked for.</param>
    /// <param name="token">The token.</param>
    /// <returns>False where there is none any more.</returns>
    public abstract bool Next(ReadOnlySpan<char> text, ref int position, out ReadOnlySpan<char> token);

    /// <summary>Writes tokens one behind the other, as people do.</summary>
    public abstract void Join(IEnumerable<string> tokens, StringBuilder text);
}
