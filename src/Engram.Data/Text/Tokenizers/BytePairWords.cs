using System.Globalization;
using System.Text;

namespace Engram.Data;

/// <summary>
/// The words whose bytes are paired: those of GPT-2 (Radford et al. 2019), nothing lost, blanks in front of the word that follows.
/// <code>
///   's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
/// </code>
/// Like a regular expression of .NET it looks at UTF-16: what stands beyond U+FFFF is neither letter nor number.
/// </summary>
internal sealed class BytePairWords : Tokenizer
{
    private enum Kind
    {
        Blank,
        Letter,
        Number,
        Other,
    }

    public override bool Next(ReadOnlySpan<char> text, ref int position, out ReadOnlySpan<char> token)
    {
        if (position >= text.Length)
        {
            token = default;
            return false;
        }
        int length = LengthOf(text[position..]);
        token = text.Slice(position, length);
        position += length;
        return true;
    }

    public override void Join(IEnumerable<string> tokens, StringBuilder text) => text.AppendJoin("", tokens);

    private static int LengthOf(ReadOnlySpan<char> text)
    {
        if (text[0] == '\'' && Contraction(text[1..]) is > 0 and int letters)
        {
            return 1 + letters;
        }
        int start = text[0] == ' ' && text.Length > 1 && KindOf(text[1]) != Kind.Blank ? 1 : 0;
        Kind kind = KindOf(text[start]);
        int end = start + 1;
        while (end < text.Length && KindOf(text[end]) == kind)
        {
            end++;
        }
        // The last of several blanks belongs to the word behind it.
        return kind == Kind.Blank && end < text.Length && end > 1 ? end - 1 : end;
    }

    private static int Contraction(ReadOnlySpan<char> text) => text switch
    {
        ['s' or 't' or 'm' or 'd', ..] => 1,
        ['r' or 'v', 'e', ..] or ['l', 'l', ..] => 2,
        _ => 0,
    };

    private static Kind KindOf(char character) =>
        char.IsAsciiLetter(character) ? Kind.Letter
        : char.IsWhiteSpace(character) ? Kind.Blank
        : char.GetUnicodeCategory(character) switch
        {
            <= UnicodeCategory.OtherLetter => Kind.Letter,
            >= UnicodeCategory.DecimalDigitNumber and <= UnicodeCategory.OtherNumber => Kind.Number,
            _ => Kind.Other,
        };
}
