using System.Globalization;
using System.Text;

namespace Engram.Files;

/// <summary>The errors of a safetensors file: which file, which tensor, which rule.</summary>
internal static class SafeTensorsFault
{
    private const int LongestQuote = 80;

    /// <summary>What to do about a model file that breaks a rule.</summary>
    public const string Remedy = "It is damaged or not a model file; use an intact copy, or save the model again.";

    /// <summary>A rule that the file as a whole breaks.</summary>
    public static ModelFileException In(string file, string rule, Exception? cause = null) =>
        new($"Model file '{file}': {rule}. {Remedy}", cause);

    /// <summary>A rule that one tensor breaks.</summary>
    public static ModelFileException In(string file, string tensor, FormattableString rule) =>
        In(file, $"tensor {Quote(tensor)}: {rule.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>A file that cannot be opened or read.</summary>
    public static ModelFileException Unreadable(string file, string reason, string remedy, Exception? cause = null) =>
        new($"Cannot read model file '{file}': {reason}. {remedy}", cause);

    /// <summary>A text of the file, fit to be printed: short, on one line, no control characters.</summary>
    public static string Quote(string text)
    {
        StringBuilder quoted = new("'");
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, LongestQuote)))
        {
            quoted.Append(char.IsControl(c) || char.IsSurrogate(c) ? '\uFFFD' : c);
        }
        return quoted.Append(text.Length > LongestQuote ? "…'" : "'").ToString();
    }
}
