namespace Engram.Data;

/// <summary>What a text is cut into.</summary>
public enum TokenizerKind
{
    /// <summary>
    /// Words, numbers, punctuation marks, emoji; each character of Chinese, Japanese and other scripts without blanks. See the reference on text for
    /// the rules.
    /// </summary>
    Words,

    /// <summary>
    /// What stands between blanks: the text is tokenised already. The end of a line is the token <c>&lt;/s&gt;</c>, and <c>&lt;unk&gt;</c> in the text
    /// is the unknown token.
    /// </summary>
    Whitespace,

    /// <summary>Characters: Unicode scalar values, blanks and line ends included, so that a text comes back exactly.</summary>
    Characters,

    /// <summary>Pieces of words, learnt by byte-level byte-pair encoding: no text is unknown, and every text comes back exactly.</summary>
    Bpe,
}
