namespace Engram.Data;

/// <summary>Finds the name that a misspelt one was probably meant to be.</summary>
internal static class NameSuggestion
{
    /// <summary>The nearest name by edit distance, whatever the case, if it is near enough; otherwise null.</summary>
    public static string? Nearest(string name, IEnumerable<string> names)
    {
        int limit = Math.Max(1, name.Length / 3);
        return names
            .Select(candidate => (candidate, distance: Distance(name.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .Where(pair => pair.distance <= limit)
            .OrderBy(pair => pair.distance)
            .Select(pair => pair.candidate)
            .FirstOrDefault();
    }

    /// <summary>
    /// The number of insertions, deletions, replacements and swaps of neighbours that turn one text into the other
    /// (optimal string alignment).
    /// </summary>
    public static int Distance(string a, string b)
    {
        // d[i, j]: distance between the first i letters of a and the first j letters of b.
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            for (int j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    d[i, j] = i + j;
                    continue;
                }
                int replaced = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(replaced, 1 + Math.Min(d[i - 1, j], d[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }
        return d[a.Length, b.Length];
    }
}
