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

    /// <summary>The index of a label; -1 where it is not among them.</summary>
    public static int IndexOf(IReadOnlyList<string> names, string label)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i] == label)
            {
                return i;
            }
        }
        return -1;
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value) ? value : null;
}
