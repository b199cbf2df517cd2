using System.Text;

namespace Engram.Data;

/// <summary>
/// Each Unicode scalar value is a token. Not graphemes: there are as many of them as there are combinations of a letter and its marks, and those that the
/// training text lacks would be unknown.
/// </summary>
internal sealed class CharacterTokenizer : Tokenizer
{
    public override string UnknownText => "\uFFFD";

    public override bool Next(ReadOnlySpan<char> text, ref int position, out ReadOnlySpan<char> token)
    {
        if (position >= text.Length)
        {
            token = default;
            return false;
        }
        int length = char.IsHighSurrogate(text[position]) && position + 1 < text.Length ? 2 : 1;
        token = text.Slice(position, length);
        position += length;
        return true;
    }

    public override void Join(IEnumerable<string> tokens, StringBuilder text) => text.AppendJoin("", tokens);
}
