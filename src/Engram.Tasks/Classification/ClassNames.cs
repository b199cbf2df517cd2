using System.Globalization;

namespace Engram.Tasks;

/// <summary>The labels of texts and their indices: numbers by size, words in ordinal order.</summary>
internal static class ClassNames
{
    /// <summary>The different labels, in order.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<string> labels)
    {
        string[] names = [.. labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return names.All(name => Number(name) is not null) ? [.. names.OrderBy(name => Number(name))] : names;
    }

    /// <summary>The index of each label.</summary>
    public static Dictionary<string, int> Indices(IReadOnlyList<string> names) =>
        Enumerable.Range(0, names.Count).ToDictionary(i => names[i], StringComparer.Ordinal);

    /// <summary>The labels for a message, separated by commas: the first of them where they are many.</summary>
    public static string Listed(IReadOnlyList<string> names)
    {
        const int most = 20;
        return string.Join(", ", names.Take(most)) + (names.Count > most ? $" and {names.Count - most} more" : "");
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;
}
