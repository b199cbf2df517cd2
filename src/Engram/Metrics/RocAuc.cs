using Engram.Metrics;

namespace Engram;

/// <content>ROC AUC.</content>
public abstract partial class Metric
{
    /// <summary>
    /// The area under the curve of true positives over false positives as the threshold falls: the probability that a yes has a higher
    /// score than a no, a tie counting half. Exact: trapezoids over all scores, which are kept, 8 bytes each. Scores may be
    /// probabilities or logits; of two classes the score is that of the second less that of the first. NaN where all targets are alike.
    /// </summary>
    public static Metric RocAuc { get; } = new Of("roc_auc", () => new RocAccumulator(), largerIsBetter: true);

    private sealed class RocAccumulator : IAccumulator
    {
        private readonly List<(float Score, bool Positive)> _scores = [];

        public void Add(in MetricBatch batch)
        {
            int decisions = batch.Rows == 0 ? 0 : Decision.BinaryCount(batch, "roc_auc");
            for (int row = 0; row < batch.Rows; row++)
            {
                for (int i = 0; batch.IsReal(row) && i < decisions; i++)
                {
                    _scores.Add(Decision.Binary(batch, row, i));
                }
            }
        }

        public double Result()
        {
            if (_scores.Exists(item => float.IsNaN(item.Score)))
            {
                return double.NaN;
            }
            _scores.Sort((a, b) => b.Score.CompareTo(a.Score));
            double area = 0, positives = 0, negatives = 0;
            for (int i = 0; i < _scores.Count;)
            {
                // All of one score step over the threshold at once.
                (double positivesBefore, double negativesBefore) = (positives, negatives);
                for (float score = _scores[i].Score; i < _scores.Count && _scores[i].Score == score; i++)
                {
                    positives += _scores[i].Positive ? 1 : 0;
                    negatives += _scores[i].Positive ? 0 : 1;
                }
                area += (negatives - negativesBefore) * (positives + positivesBefore) / 2;
            }
            return area / (positives * negatives);
        }
    }
}
