namespace Engram.Data;

/// <summary>Decides which features a series is learned from.</summary>
internal static class FeatureSelection
{
    /// <summary>More different words than this in a column are names or sentences, not categories.</summary>
    private const int LargestVocabulary = 100;

    /// <summary>The target, then the other columns in the order asked for, each once; words as one feature for each different word.</summary>
    public static IReadOnlyList<SeriesFeature> Choose(Table table, SeriesOptions options, List<string> notes)
    {
        NumberColumn target = table.RequireNumbers(options.Target);
        if (IsConstant(target))
        {
            throw new DataException(
                $"The target '{target.Name}' never changes in {Quantity.Of(table.RowCount, "row")}: there is nothing to learn. Choose another column.",
                table.Files.Count > 0 ? table.Files[0] : null,
                column: target.Name);
        }
        List<SeriesFeature> features = [new(target.Name)];
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase) { target.Name };
        foreach (string name in options.Features)
        {
            Column column = table[name];
            if (!seen.Add(column.Name))
            {
                continue;
            }
            if (column is TextColumn words)
            {
                features.AddRange(Levels(table, words, notes));
            }
            else if (IsConstant(table.RequireNumbers(name)))
            {
                notes.Add($"Feature '{column.Name}' never changes and is left out.");
            }
            else
            {
                features.Add(new SeriesFeature(column.Name));
            }
        }
        return features;
    }

    private static IEnumerable<SeriesFeature> Levels(Table table, TextColumn words, List<string> notes)
    {
        if (words.Levels.Count > LargestVocabulary)
        {
            throw new DataException(
                $"Column '{words.Name}' holds {words.Levels.Count} different words, and each would be a feature of its own; the limit is {LargestVocabulary}. Leave the column out.",
                table.Files.Count > 0 ? table.Files[0] : null,
                column: words.Name);
        }
        if (words.Levels.Count < 2)
        {
            notes.Add($"Feature '{words.Name}' never changes and is left out.");
            return [];
        }
        string[] levels = [.. words.Levels.Order(StringComparer.Ordinal)];
        int missing = words.MissingCount;
        notes.Add($"The words of '{words.Name}' are {levels.Length} features of 0 and 1: {string.Join(", ", levels)}"
            + (missing > 0 ? $"; {Quantity.Of(missing, "cell")} without a word." : "."));
        return levels.Select(level => new SeriesFeature(words.Name, level));
    }

    private static bool IsConstant(NumberColumn column)
    {
        double first = double.NaN;
        foreach (double value in column.Values.Span)
        {
            if (double.IsNaN(value))
            {
                continue;
            }
            if (double.IsNaN(first))
            {
                first = value;
            }
            else if (value != first)
            {
                return false;
            }
        }
        return !double.IsNaN(first);
    }
}
