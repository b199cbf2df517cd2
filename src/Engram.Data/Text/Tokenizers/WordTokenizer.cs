using System.Globalization;
using System.Text;

namespace Engram.Data;

/// <summary>
/// Words, by rules and without a dictionary.
/// <list type="bullet">
/// <item>A run of letters, digits and their marks is a word, with apostrophes and, between digits, points and commas inside: O'Brien, 1990s, 1,000.50; so
/// are initials with their points: U.S.A.</item>
/// <item>Contractions are cut as in the Penn Treebank, which pretrained word vectors know: do n't, film 's, we 're, 've, 'll, 'd, 'm.</item>
/// <item>A punctuation mark is a token, two points or more are «...», two hyphens or more «--».</item>
/// <item>Addresses that begin with http://, https:// or www. are whole.</item>
/// <item>Chinese, Japanese, Thai, Lao, Khmer and Burmese, which have no blanks between words, are cut into characters.</item>
/// <item>An emoji is a token with all that belongs to it. HTML breaks, blanks and control characters are none.</item>
/// </list>
/// </summary>
internal sealed class WordTokenizer : Tokenizer
{
    private static readonly string[] _contractions = ["'s", "'re", "'ve", "'ll", "'d", "'m"];

    /// <summary>Curly apostrophes become straight; marks of direction, soft hyphens and the like, which nobody sees, are left out.</summary>
    public override int Prepare(char character) => character switch
    {
        '\u2019' or '\u02BC' => '\'',
        '\u200C' or '\u200D' => character,
        _ when character >= '\u00AD' && char.GetUnicodeCategory(character) == UnicodeCategory.Format => -1,
        _ => character,
    };

    public override bool Next(ReadOnlySpan<char> text, ref int position, out ReadOnlySpan<char> token)
    {
        while (position < text.Length)
        {
            char first = text[position];
            if (char.IsAsciiLetterOrDigit(first))
            {
                return Take(text, ref position, WordLength(text[position..]), out token);
            }
            if (first <= ' ' || char.IsWhiteSpace(first) || char.IsControl(first))
            {
                position++;
                continue;
            }
            ReadOnlySpan<char> rest = text[position..];
            if (first >= '\u0080')
            {
                int word = WordLength(rest);
                return Take(text, ref position, word > 0 ? word : StringInfo.GetNextTextElementLength(rest), out token);
            }
            if (first == '<' && BreakLength(rest) is > 0 and int skipped)
            {
                position += skipped;
                continue;
            }
            return Punctuation(text, ref position, out token);
        }
        token = default;
        return false;
    }

    public override void Join(IEnumerable<string> tokens, StringBuilder text) => WordJoining.Join(tokens, text);

    private static bool Take(ReadOnlySpan<char> text, ref int position, int length, out ReadOnlySpan<char> token)
    {
        token = text.Slice(position, length);
        position += length;
        return true;
    }

    private static bool Punctuation(ReadOnlySpan<char> text, ref int position, out ReadOnlySpan<char> token)
    {
        char first = text[position];
        if (first is '.' or '-')
        {
            int run = text[position..].IndexOfAnyExcept(first);
            run = run < 0 ? text.Length - position : run;
            if (run > 1)
            {
                position += run;
                token = first == '.' ? "..." : "--";
                return true;
            }
        }
        bool isBehindWord = position > 0 && char.IsLetterOrDigit(text[position - 1]);
        return Take(text, ref position, first == '\'' && isBehindWord ? Math.Max(1, ContractionLength(text[position..])) : 1, out token);
    }

    /// <summary>The length of the word that a text begins with; 0 where it begins with none.</summary>
    private static int WordLength(ReadOnlySpan<char> text)
    {
        if (text[0] is 'h' or 'H' or 'w' or 'W' && AddressLength(text) is > 0 and int address)
        {
            return address;
        }
        int initials = InitialsLength(text);
        if (initials > 0)
        {
            return initials;
        }
        int end = 0;
        while (end < text.Length)
        {
            char c = text[end];
            if (char.IsAsciiLetterOrDigit(c))
            {
                end++;
            }
            else if (c >= '\u0080')
            {
                int length = LetterLength(text[end..], isFirst: end == 0, out bool isWhole);
                if (length == 0 || (isWhole && end > 0))
                {
                    break;
                }
                end += length;
                if (isWhole)
                {
                    return end;
                }
            }
            else if (!JoinsLetters(text, end))
            {
                break;
            }
            else if (c == '\'' && ContractionLength(text[end..]) > 0)
            {
                return end;
            }
            else
            {
                end++;
            }
        }
        return end > 3 && text[(end - 3)..end] is ['n' or 'N', '\'', 't' or 'T'] ? end - 3 : end;
    }

    /// <summary>An apostrophe between letters, a point or comma between digits.</summary>
    private static bool JoinsLetters(ReadOnlySpan<char> text, int at) => at > 0 && at + 1 < text.Length && (text[at] switch
    {
        '\'' => char.IsLetterOrDigit(text[at + 1]),
        '.' or ',' => char.IsAsciiDigit(text[at - 1]) && char.IsAsciiDigit(text[at + 1]),
        _ => false,
    });

    /// <summary>The length of 's, 're … where no letter follows it; 0 where the text does not begin with one.</summary>
    private static int ContractionLength(ReadOnlySpan<char> text)
    {
        foreach (string contraction in _contractions)
        {
            if (text.StartsWith(contraction, StringComparison.OrdinalIgnoreCase)
                && (text.Length == contraction.Length || !char.IsLetterOrDigit(text[contraction.Length])))
            {
                return contraction.Length;
            }
        }
        return 0;
    }

    /// <summary>Two single letters or more, each with its point.</summary>
    private static int InitialsLength(ReadOnlySpan<char> text)
    {
        int end = 0;
        while (end + 1 < text.Length && text[end + 1] == '.' && char.IsAsciiLetter(text[end]))
        {
            end += 2;
        }
        return end >= 4 && (end == text.Length || !char.IsLetterOrDigit(text[end])) ? end : 0;
    }

    private static int AddressLength(ReadOnlySpan<char> text)
    {
        const StringComparison anyCase = StringComparison.OrdinalIgnoreCase;
        if (!text.StartsWith("http://", anyCase) && !text.StartsWith("https://", anyCase) && !text.StartsWith("www.", anyCase))
        {
            return 0;
        }
        int end = 0;
        while (end < text.Length && !char.IsWhiteSpace(text[end]) && text[end] is not ('<' or '>' or '"'))
        {
            end++;
        }
        return text[..end].TrimEnd(".,;:!?)]'").Length;
    }

    /// <summary>The length of a break, &lt;br&gt; or &lt;br /&gt;; 0 where the text does not begin with one.</summary>
    private static int BreakLength(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith("<br", StringComparison.OrdinalIgnoreCase))
        {
            return 0;
        }
        int end = 3;
        while (end < text.Length && text[end] is ' ' or '/')
        {
            end++;
        }
        return end < text.Length && text[end] == '>' ? end + 1 : 0;
    }

    /// <summary>The length of the letter, digit or mark that a text beyond ASCII begins with; 0 where it begins with something else.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isFirst">Whether a word would begin with it.</param>
    /// <param name="isWhole">Whether it is a token by itself, with its marks.</param>
    private static int LetterLength(ReadOnlySpan<char> text, bool isFirst, out bool isWhole)
    {
        Rune.DecodeFromUtf16(text, out Rune rune, out int length);
        isWhole = false;
        if (rune.Value is 0x200C or 0x200D)
        {
            return isFirst ? 0 : length;
        }
        UnicodeCategory category = Rune.GetUnicodeCategory(rune);
        if (category is > UnicodeCategory.OtherNumber || (isFirst && category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark))
        {
            return 0;
        }
        isWhole = HasNoBlanks(rune.Value);
        return isWhole ? StringInfo.GetNextTextElementLength(text) : length;
    }

    /// <summary>Scripts without blanks between words.</summary>
    private static bool HasNoBlanks(int rune) => rune
        is (>= 0x0E00 and <= 0x0EFF) // Thai, Lao
        or (>= 0x1000 and <= 0x109F) or (>= 0x1780 and <= 0x17FF) // Burmese, Khmer
        or (>= 0x2E80 and <= 0x2FDF) or (>= 0x3005 and <= 0x3007) or (>= 0x3021 and <= 0x3029) // radicals, signs of repetition, numerals
        or (>= 0x3040 and <= 0x312F) or (>= 0x31A0 and <= 0x31BF) or (>= 0x31F0 and <= 0x31FF) or (>= 0xFF66 and <= 0xFF9D) // kana, bopomofo
        or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) // Han
        or (>= 0x1AFF0 and <= 0x1B16F) or (>= 0x20000 and <= 0x3FFFF);

    /// <summary>Whether a token is a character of such a script.</summary>
    public static bool IsCharacterOfNoBlanks(string token) => Rune.TryGetRuneAt(token, 0, out Rune rune) && HasNoBlanks(rune.Value);
}
