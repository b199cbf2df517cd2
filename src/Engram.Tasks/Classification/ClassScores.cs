namespace Engram.Tasks;

/// <summary>Counts and ranks of predicted classes, and the metrics that come from them.</summary>
internal static class ClassScores
{
    /// <summary>
    /// The metrics of probabilities, of one text at least. F1 is the mean of that of each class which some text is of or was taken for; a class that is absent
    /// altogether says nothing.
    /// </summary>
    /// <param name="probabilities">[texts, classes].</param>
    /// <param name="labels">The true class of each text.</param>
    /// <param name="classes">The names of the classes.</param>
    public static ClassifierMetrics Of(float[] probabilities, int[] labels, IReadOnlyList<string> classes)
    {
        int count = classes.Count;
        int[][] confusion = [.. Enumerable.Range(0, count).Select(_ => new int[count])];
        double loss = 0;
        for (int text = 0; text < labels.Length; text++)
        {
            ReadOnlySpan<float> row = probabilities.AsSpan(text * count, count);
            confusion[labels[text]][Largest(row)]++;
            loss -= Math.Log(Math.Max(row[labels[text]], float.Epsilon));
        }
        ClassMetrics[] byClass = [.. Enumerable.Range(0, count).Select(i => Metrics(confusion, i, classes[i]))];
        double[] areas = [.. Enumerable.Range(0, count).Select(i => Area(probabilities, labels, count, i)).Where(area => !double.IsNaN(area))];
        return new ClassifierMetrics(
            confusion.Select((row, i) => row[i]).Sum() / (double)labels.Length,
            byClass.Where((one, i) => one.Texts > 0 || Array.Exists(confusion, row => row[i] > 0)).Average(one => one.F1),
            areas.Length == 0 ? null : areas.Average(),
            loss / labels.Length)
        {
            ByClass = byClass,
            Confusion = confusion,
        };
    }

    /// <summary>The index of the largest number, the first of equal ones.</summary>
    public static int Largest(ReadOnlySpan<float> row)
    {
        int best = 0;
        for (int i = 1; i < row.Length; i++)
        {
            best = row[i] > row[best] ? i : best;
        }
        return best;
    }

    /// <summary>P = TP / (TP + FP), R = TP / (TP + FN), F1 = 2 TP / (2 TP + FP + FN); 0 where nothing is divided.</summary>
    private static ClassMetrics Metrics(int[][] confusion, int index, string name)
    {
        int right = confusion[index][index], predicted = confusion.Sum(row => row[index]), actual = confusion[index].Sum();
        return new ClassMetrics(name, Ratio(right, predicted), Ratio(right, actual), Ratio(2.0 * right, predicted + actual), actual);

        static double Ratio(double part, double whole) => whole == 0 ? 0 : part / whole;
    }

    /// <summary>
    /// The area under the ROC curve of one class against the rest: the chance that a text of the class has a larger probability than one of the rest, equal
    /// ones counted half. NaN where there is none of either.
    /// </summary>
    private static double Area(float[] probabilities, int[] labels, int classes, int index)
    {
        int[] order = [.. Enumerable.Range(0, labels.Length).OrderBy(text => probabilities[(text * classes) + index])];
        double ranks = 0;
        long positive = 0;
        for (int first = 0; first < order.Length;)
        {
            int end = first + 1;
            float value = probabilities[(order[first] * classes) + index];
            while (end < order.Length && probabilities[(order[end] * classes) + index] == value)
            {
                end++;
            }
            double rank = (first + 1 + end) / 2.0;
            for (; first < end; first++)
            {
                if (labels[order[first]] == index)
                {
                    ranks += rank;
                    positive++;
                }
            }
        }
        long negative = labels.Length - positive;
        return (ranks - (positive * (positive + 1) / 2.0)) / ((double)positive * negative);
    }
}
