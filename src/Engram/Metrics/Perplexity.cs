namespace Engram;

/// <content>Perplexity.</content>
public abstract partial class Metric
{
    /// <summary>
    /// exp of the mean cross-entropy −Σ tₖ log pₖ over all rows, in nats: of how many equally likely classes the model is as unsure. Targets
    /// are class ids, or a probability for each class.
    /// </summary>
    /// <param name="fromProbabilities">Whether the model puts out probabilities; false by default: logits, p = softmax(x).</param>
    public static Metric Perplexity(bool fromProbabilities = false) => new Of("perplexity", () => new PerplexityAccumulator(fromProbabilities));

    private sealed class PerplexityAccumulator(bool fromProbabilities) : IAccumulator
    {
        private const double Tiny = Kernels.Losses.Probability.Tiny;
        private double _sum;
        private long _count;

        public void Add(in MetricBatch batch)
        {
            for (int row = 0; row < batch.Rows; row++)
            {
                if (batch.IsReal(row))
                {
                    _sum += CrossEntropy(batch, row);
                    _count++;
                }
            }
        }

        public double Result() => Math.Exp(_sum / _count);

        private double CrossEntropy(in MetricBatch batch, int row)
        {
            ReadOnlySpan<float> predicted = batch.Predicted(row), target = batch.Target(row);
            double logSum = fromProbabilities ? 0 : LogSumExp(predicted);
            int y = Metrics.Decision.TargetClass(batch, row, "perplexity");
            double sum = 0;
            for (int k = 0; k < predicted.Length; k++)
            {
                double share = target.Length > 1 ? target[k] : k == y ? 1 : 0;
                double log = fromProbabilities ? Math.Log(Math.Max(predicted[k], Tiny)) : predicted[k] - logSum;
                sum -= share == 0 ? 0 : share * log;
            }
            return sum;
        }

        private static double LogSumExp(ReadOnlySpan<float> logits)
        {
            double largest = double.NegativeInfinity, sum = 0;
            foreach (float x in logits)
            {
                largest = Math.Max(largest, x);
            }
            foreach (float x in logits)
            {
                sum += Math.Exp(x - largest);
            }
            return largest + Math.Log(sum);
        }
    }
}
