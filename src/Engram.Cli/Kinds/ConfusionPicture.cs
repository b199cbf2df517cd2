using Engram.Plots;

namespace Engram.Cli.Kinds;

/// <summary>The picture of what a classifier took for what: <c>confusion.png</c>.</summary>
internal static class ConfusionPicture
{
    private const int MostClasses = 20;
    private const string Others = "(others)";

    /// <returns>What a reader of the picture should be told.</returns>
    public static IReadOnlyList<string> Save(string folder, IReadOnlyList<IReadOnlyList<int>> confusion, IReadOnlyList<string> classes)
    {
        (int[,] counts, IReadOnlyList<string> names) = Shown(confusion, classes);
        Picture picture = Charts.Confusion(counts, names);
        picture.Save(Path.Combine(folder, "confusion.png"));
        return names.Count == classes.Count ? picture.Notes
            : [.. picture.Notes, $"confusion.png shows the {names.Count - 1} classes with the most texts of {classes.Count}; «{Others}» are the rest together, so that a mistake among these shows in report.json alone, which has all."];
    }

    /// <summary>All classes where they can be read; of more those with the most texts, and the rest as one.</summary>
    internal static (int[,] Counts, IReadOnlyList<string> Names) Shown(IReadOnlyList<IReadOnlyList<int>> confusion, IReadOnlyList<string> classes)
    {
        int[] shown = classes.Count <= MostClasses
            ? [.. Enumerable.Range(0, classes.Count)]
            : [.. Enumerable.Range(0, classes.Count).OrderByDescending(i => confusion[i].Sum()).Take(MostClasses - 1).Order()];
        string[] names = [.. shown.Select(i => classes[i]), .. shown.Length < classes.Count ? [Others] : Array.Empty<string>()];
        int[] placeOf = [.. Enumerable.Range(0, classes.Count).Select(i => Array.IndexOf(shown, i) is >= 0 and var place ? place : names.Length - 1)];
        int[,] counts = new int[names.Length, names.Length];
        for (int actual = 0; actual < classes.Count; actual++)
        {
            for (int predicted = 0; predicted < classes.Count; predicted++)
            {
                counts[placeOf[actual], placeOf[predicted]] += confusion[actual][predicted];
            }
        }
        return (counts, names);
    }
}
