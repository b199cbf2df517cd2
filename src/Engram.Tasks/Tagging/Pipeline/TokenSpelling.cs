using System.Text;

namespace Engram.Tasks;

/// <summary>What the spelling of a token tells of it.</summary>
internal static class TokenSpelling
{
    /// <summary>Letters that end a word, at most: two of these features.</summary>
    private static readonly int[] _suffixes = [2, 3];

    /// <summary>Number of features of a token.</summary>
    public static int FeatureCount => 1 + _suffixes.Length;

    /// <summary>What words are looked up by: small letters, and every digit as 0.</summary>
    public static string Normalize(ReadOnlySpan<char> token) => string.Create(token.Length, token, static (span, token) =>
    {
        for (int i = 0; i < span.Length; i++)
        {
            span[i] = char.IsAsciiDigit(token[i]) ? '0' : char.ToLowerInvariant(token[i]);
        }
    });

    /// <summary>The features: the case of its letters, and how it ends.</summary>
    public static string Feature(string token, int feature)
    {
        if (feature == 0)
        {
            return Case(token);
        }
        int length = _suffixes[feature - 1];
        string normal = Normalize(token);
        return normal.Length <= length ? normal : normal[^length..];
    }

    /// <summary>The characters of a token, each a text of its own; of a long one the first and the last.</summary>
    public static IEnumerable<string> Characters(string token, int most)
    {
        string[] all = [.. token.EnumerateRunes().Select(rune => rune.ToString())];
        return all.Length <= most ? all : all[..((most + 1) / 2)].Concat(all[^(most / 2)..]);
    }

    private static string Case(string token)
    {
        bool digits = false, lower = false, upper = false, others = false;
        foreach (Rune rune in token.EnumerateRunes())
        {
            digits |= Rune.IsDigit(rune);
            lower |= Rune.IsLower(rune);
            upper |= Rune.IsUpper(rune);
            others |= !Rune.IsLetterOrDigit(rune);
        }
        return (digits, lower, upper) switch
        {
            (true, false, false) => others ? "number" : "digits",
            (true, _, _) => "with digits",
            (false, true, false) => "small",
            (false, false, true) => token.Length == 1 ? "capital" : "capitals",
            (false, true, true) => char.IsUpper(token[0]) ? "Capital" : "mIxed",
            _ => "none",
        };
    }
}
