using System.Text;

namespace Engram.Data;

/// <summary>
/// The normal forms NFC and NFKC (Unicode Standard Annex 15): decompose, put marks in their order, compose. That of the system is none where a program runs
/// without its culture data, as this library's do, and a model must give the same ids everywhere.
/// </summary>
internal static class UnicodeNormalization
{
    /// <summary>The text in its normal form. The text has no half surrogate pairs.</summary>
    public static string Normalize(string text, bool compatibility)
    {
        NormalizationTable table = NormalizationTable.Shared;
        bool isNormal = true;
        for (int i = 0; i < text.Length && isNormal; i++)
        {
            isNormal = text[i] < '\u00A0' || table.IsPlain(text[i], compatibility);
        }
        if (isNormal)
        {
            return text;
        }
        List<int> points = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            Decompose(rune.Value, compatibility, table, points);
        }
        Order(points, table);
        Compose(points, table);
        StringBuilder normal = new(points.Count);
        foreach (int point in points)
        {
            normal.Append(new Rune(point));
        }
        return normal.ToString();
    }

    private static void Decompose(int point, bool compatibility, NormalizationTable table, List<int> points)
    {
        if (Hangul.TryDecompose(point, points))
        {
            return;
        }
        if (table.PartsOf(point, compatibility) is { } parts)
        {
            foreach (int part in parts)
            {
                Decompose(part, compatibility, table, points);
            }
        }
        else
        {
            points.Add(point);
        }
    }

    /// <summary>Sorts marks that follow each other by their class; those of one class keep their order.</summary>
    private static void Order(List<int> points, NormalizationTable table)
    {
        for (int start = 0; start < points.Count; start++)
        {
            int end = start;
            while (end < points.Count && table.ClassOf(points[end]) != 0)
            {
                end++;
            }
            if (end - start > 1)
            {
                int[] sorted = [.. points[start..end].OrderBy(point => table.ClassOf(point))];
                for (int i = 0; i < sorted.Length; i++)
                {
                    points[start + i] = sorted[i];
                }
            }
            start = end;
        }
    }

    /// <summary>Joins a mark to the last letter before it, where no mark of the same or a higher class stands between.</summary>
    private static void Compose(List<int> points, NormalizationTable table)
    {
        int length = 0, letter = -1, lastClass = -1;
        for (int i = 0; i < points.Count; i++)
        {
            int point = points[i], @class = table.ClassOf(point);
            if (letter >= 0 && lastClass < @class && (Hangul.TryCompose(points[letter], point, out int composed) || table.TryCompose(points[letter], point, out composed)))
            {
                points[letter] = composed;
                continue;
            }
            if (@class == 0)
            {
                (letter, lastClass) = (length, -1);
            }
            else
            {
                lastClass = @class;
            }
            points[length++] = point;
        }
        points.RemoveRange(length, points.Count - length);
    }
}
