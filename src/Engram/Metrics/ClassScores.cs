using Engram.Metrics;

namespace Engram;

/// <summary>What precision, recall and F1 are of, where there are several classes.</summary>
public enum ClassAverage
{
    /// <summary>Of the yes of a yes-or-no question: predictions above a threshold; of two classes, the second.</summary>
    Binary,

    /// <summary>The plain mean of those of each class; classes that neither occur nor are predicted do not count.</summary>
    Macro,

    /// <summary>Of the counts of all classes together; where each row has one class that is the accuracy.</summary>
    Micro,
}

/// <content>Precision, recall and F1.</content>
public abstract partial class Metric
{
    /// <summary>Right ones among those predicted: TP / (TP + FP); 0 where none was predicted.</summary>
    /// <param name="average">What it is of; the yes of a yes-or-no question by default.</param>
    /// <param name="threshold">
    /// A prediction above it is a yes, where the question is one. By default what a probability of ½ is in the predictions: 0 where the loss takes logits,
    /// else 0.5.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such average, or the threshold is no number.</exception>
    public static Metric Precision(ClassAverage average = ClassAverage.Binary, double? threshold = null) =>
        ClassScore("precision", average, threshold, (right, predicted, _) => predicted == 0 ? 0 : right / predicted);

    /// <summary>Those found among the ones that there are: TP / (TP + FN); 0 where there is none.</summary>
    /// <inheritdoc cref="Precision"/>
    public static Metric Recall(ClassAverage average = ClassAverage.Binary, double? threshold = null) =>
        ClassScore("recall", average, threshold, (right, _, actual) => actual == 0 ? 0 : right / actual);

    /// <summary>The harmonic mean of precision and recall: 2 TP / (2 TP + FP + FN); 0 where there is nothing to find and nothing found.</summary>
    /// <inheritdoc cref="Precision"/>
    public static Metric F1(ClassAverage average = ClassAverage.Binary, double? threshold = null) =>
        ClassScore("f1", average, threshold, (right, predicted, actual) => predicted + actual == 0 ? 0 : 2 * right / (predicted + actual));

    private static Of ClassScore(string name, ClassAverage average, double? threshold, Func<double, double, double, double> score)
    {
        if (!Enum.IsDefined(average))
        {
            throw new ArgumentOutOfRangeException(nameof(average), average, "There is no such average.");
        }
        RequireThreshold(threshold);
        string full = average switch { ClassAverage.Macro => "macro_" + name, ClassAverage.Micro => "micro_" + name, _ => name };
        return new Of(full, () => new ClassCounts(full, average, threshold, score), largerIsBetter: true);
    }

    /// <summary>Counts for each class how often it was right, predicted and actual.</summary>
    private sealed class ClassCounts(string name, ClassAverage average, double? threshold, Func<double, double, double, double> score) : IAccumulator
    {
        private long[] _right = [], _predicted = [], _actual = [];
        private long _count;

        public void Add(in MetricBatch batch)
        {
            int classes = average == ClassAverage.Binary ? 1 : batch.Columns;
            if (_right.Length < classes)
            {
                Array.Resize(ref _right, classes);
                Array.Resize(ref _predicted, classes);
                Array.Resize(ref _actual, classes);
            }
            for (int row = 0; row < batch.Rows; row++)
            {
                if (!batch.IsReal(row))
                {
                    continue;
                }
                if (average == ClassAverage.Binary)
                {
                    AddDecisions(batch, row);
                }
                else
                {
                    Add(Decision.Largest(batch.Predicted(row)), Decision.TargetClass(batch, row, name));
                }
            }
        }

        public double Result()
        {
            if (_count == 0)
            {
                return double.NaN;
            }
            if (average != ClassAverage.Macro)
            {
                return score(_right.Sum(), _predicted.Sum(), _actual.Sum());
            }
            return Enumerable.Range(0, _right.Length).Where(k => _predicted[k] + _actual[k] > 0).Average(k => score(_right[k], _predicted[k], _actual[k]));
        }

        private void AddDecisions(in MetricBatch batch, int row)
        {
            int decisions = Decision.BinaryCount(batch, name);
            for (int i = 0; i < decisions; i++)
            {
                (float value, bool positive) = Decision.Binary(batch, row, i);
                Add(value > Decision.Threshold(batch, threshold) ? 0 : -1, positive ? 0 : -1);
            }
        }

        /// <summary>Counts a row; −1 stands for no class at all.</summary>
        private void Add(int predicted, int actual)
        {
            _count++;
            if (predicted >= 0)
            {
                _predicted[predicted]++;
                _right[predicted] += predicted == actual ? 1 : 0;
            }
            if (actual >= 0)
            {
                _actual[actual]++;
            }
        }
    }
}
