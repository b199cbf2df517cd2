using System.Text;

namespace Engram.Data;

/// <summary>What stands between blanks is a token, and so is the end of a line. <c>&lt;pad&gt;</c> in a text is unknown, since padding is never read.</summary>
internal sealed class WhitespaceTokenizer : Tokenizer
{
    public override bool Next(ReadOnlySpan<char> text, ref int position, out ReadOnlySpan<char> token)
    {
        while (position < text.Length)
        {
            char first = text[position];
            if (first is '\n' or '\r')
            {
                position += first == '\r' && position + 1 < text.Length && text[position + 1] == '\n' ? 2 : 1;
                token = Vocabulary.Specials[Vocabulary.End];
                return true;
            }
            if (!char.IsWhiteSpace(first))
            {
                int start = position;
                while (position < text.Length && !char.IsWhiteSpace(text[position]))
                {
                    position++;
                }
                token = text[start..position];
                if (token.SequenceEqual(Vocabulary.Specials[Vocabulary.Padding]))
                {
                    token = Vocabulary.Specials[Vocabulary.Unknown];
                }
                return true;
            }
            position++;
        }
        token = default;
        return false;
    }

    public override void Join(IEnumerable<string> tokens, StringBuilder text)
    {
        bool isLineStart = true;
        foreach (string token in tokens)
        {
            if (token == Vocabulary.Specials[Vocabulary.End])
            {
                text.Append('\n');
                isLineStart = true;
                continue;
            }
            text.Append(isLineStart ? "" : " ").Append(token);
            isLineStart = false;
        }
    }
}
