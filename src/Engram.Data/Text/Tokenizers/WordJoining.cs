using System.Text;

namespace Engram.Data;

/// <summary>
/// Puts blanks between words where people do: none before «,» and behind «(», straight quotation marks open and close in turn, none
/// between Chinese characters.
/// </summary>
internal static class WordJoining
{
    private const string NoneBefore = ",.;:!?)]}%…’”»、。，！？；：）》」』】/-";
    private const string NoneBehind = "([{$#@“‘«¿¡（《「『【/-";
    private static readonly HashSet<string> _suffixes = new(["n't", "'s", "'re", "'ve", "'ll", "'d", "'m", "..."], StringComparer.OrdinalIgnoreCase);

    public static void Join(IEnumerable<string> tokens, StringBuilder text)
    {
        string? last = null;
        bool isOpen = false, lastOpens = false;
        foreach (string token in tokens)
        {
            bool isQuote = token == "\"";
            bool touches = last is null || lastOpens || (isQuote && isOpen) || _suffixes.Contains(token)
                || (token.Length == 1 && NoneBefore.Contains(token[0], StringComparison.Ordinal))
                || (last.Length == 1 && NoneBehind.Contains(last[0], StringComparison.Ordinal))
                || (HasNoBlanks(last) && HasNoBlanks(token));
            text.Append(touches ? "" : " ").Append(token);
            lastOpens = isQuote && !isOpen;
            isOpen ^= isQuote;
            last = token;
        }
    }

    /// <summary>Chinese and Japanese characters and the marks between them.</summary>
    private static bool HasNoBlanks(string token) =>
        WordTokenizer.IsCharacterOfNoBlanks(token) || (token.Length == 1 && token[0] is (>= '\u3000' and <= '\u303F') or (>= '\uFF00' and <= '\uFF65'));
}
