using Engram.Metrics;

namespace Engram;

/// <content>Accuracies.</content>
public abstract partial class Metric
{
    /// <summary>
    /// Share of the rows whose largest score stands where the largest of the target row does; of equal scores the first counts.
    /// </summary>
    public static Metric CategoricalAccuracy { get; } = new Of("categorical_accuracy", () => new ClassAccuracy("categorical_accuracy"), largerIsBetter: true);

    /// <summary>The same with class ids as targets.</summary>
    public static Metric SparseCategoricalAccuracy { get; } =
        new Of("sparse_categorical_accuracy", () => new ClassAccuracy("sparse_categorical_accuracy"), largerIsBetter: true);

    /// <summary>Share of the elements that lie on the right side of a threshold; a target of ½ or more is a yes.</summary>
    /// <param name="threshold">
    /// A prediction above it is a yes. By default what a probability of ½ is in the predictions: 0 where the loss takes logits, else 0.5.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The threshold is no number.</exception>
    public static Metric BinaryAccuracy(double? threshold = null)
    {
        RequireThreshold(threshold);
        return new Of("binary_accuracy", () => new YesOrNoAccuracy(threshold), largerIsBetter: true);
    }

    private static void RequireThreshold(double? threshold)
    {
        if (threshold is double.NaN)
        {
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "A threshold is a number.");
        }
    }

    private sealed class ClassAccuracy(string name) : IAccumulator
    {
        private long _right, _count;

        public void Add(in MetricBatch batch)
        {
            for (int row = 0; row < batch.Rows; row++)
            {
                if (batch.IsReal(row))
                {
                    _count++;
                    _right += Decision.TargetClass(batch, row, name) == Decision.Largest(batch.Predicted(row)) ? 1 : 0;
                }
            }
        }

        public double Result() => (double)_right / _count;
    }

    private sealed class YesOrNoAccuracy(double? threshold) : IAccumulator
    {
        private long _right, _count;

        public void Add(in MetricBatch batch)
        {
            int decisions = batch.Rows == 0 ? 0 : Decision.BinaryCount(batch, "binary_accuracy");
            for (int row = 0; row < batch.Rows; row++)
            {
                for (int i = 0; batch.IsReal(row) && i < decisions; i++)
                {
                    (float score, bool positive) = Decision.Binary(batch, row, i);
                    _count++;
                    _right += score > Decision.Threshold(batch, threshold) == positive ? 1 : 0;
                }
            }
        }

        public double Result() => (double)_right / _count;
    }
}
