using System.Globalization;
using Engram.Data;

namespace Engram.Tasks;

/// <summary>Scores a classifier and the baselines on the same texts.</summary>
internal static class ClassifierScorer
{
    /// <summary>Differences of the accuracy below this many points are none.</summary>
    private const double Negligible = 0.5;

    private const int MostMistakes = 10;
    private const int LongestQuote = 300;

    /// <summary>What the baselines reach.</summary>
    /// <param name="texts">Token ids of the texts, which are gone through once.</param>
    /// <param name="labels">Their classes.</param>
    /// <param name="classes">The names of the classes.</param>
    /// <param name="counts">How many training texts each class had.</param>
    /// <param name="bag">The linear baseline.</param>
    public static ClassifierBaselines Baselines(
        IEnumerable<int[]> texts, int[] labels, IReadOnlyList<string> classes, IReadOnlyList<long> counts, BagOfWords bag)
    {
        float total = (float)counts.Sum(count => (double)count);
        float[] shares = [.. counts.Select(count => count / total)], majority = new float[labels.Length * classes.Count], linear = new float[majority.Length];
        foreach ((int text, int[] tokens) in texts.Index())
        {
            shares.CopyTo(majority, text * classes.Count);
            bag.Predict(tokens).CopyTo(linear, text * classes.Count);
        }
        return new ClassifierBaselines(Short(ClassScores.Of(majority, labels, classes)), Short(ClassScores.Of(linear, labels, classes)));

        static ClassifierMetrics Short(ClassifierMetrics metrics) => metrics with { ByClass = null, Confusion = null };
    }

    /// <summary>The result in words, against the better baseline by accuracy.</summary>
    public static string Verdict(ClassifierMetrics metrics, ClassifierBaselines baselines)
    {
        (string name, double best) = baselines.BagOfWords.Accuracy >= baselines.Majority.Accuracy
            ? ("bag of words", baselines.BagOfWords.Accuracy) : ("majority", baselines.Majority.Accuracy);
        double points = 100 * (metrics.Accuracy - best);
        return Math.Abs(points) < Negligible
            ? string.Create(CultureInfo.InvariantCulture, $"no better than the best baseline ({name}): the accuracy differs by less than {Negligible} points")
            : string.Create(CultureInfo.InvariantCulture, $"{(points > 0 ? "better" : "worse")} than the best baseline ({name}) by {Math.Abs(points):F1} points of accuracy");
    }

    /// <summary>The wrong predictions that were surest.</summary>
    public static IReadOnlyList<ClassifierMistake> Mistakes(LabelledTexts texts, int[] samples, IReadOnlyList<Classification> predictions) =>
    [
        .. Enumerable.Range(0, samples.Length)
            .Where(i => predictions[i].Label != texts.Labels![samples[i]])
            .OrderByDescending(i => predictions[i].Probability)
            .Take(MostMistakes)
            .Select(i => new ClassifierMistake(
                samples[i] + 1, Quote(texts.Texts[samples[i]]), texts.Labels![samples[i]], predictions[i].Label, predictions[i].Probability)),
    ];

    private static string Quote(string text)
    {
        if (text.Length <= LongestQuote)
        {
            return text;
        }
        int end = char.IsHighSurrogate(text[LongestQuote - 1]) ? LongestQuote - 1 : LongestQuote;
        return text[..end] + "…";
    }
}
