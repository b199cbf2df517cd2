using System.Numerics.Tensors;

namespace Engram;

/// <content>Perplexity.</content>
public abstract partial class Metric
{
    /// <summary>
    /// exp of the mean cross-entropy −Σ tₖ log pₖ over all rows, in nats: of how many equally likely classes the model is as unsure. Targets
    /// are class ids, or a probability for each class.
    /// </summary>
    /// <param name="fromProbabilities">
    /// Whether the model puts out probabilities, or logits, p = softmax(x). By default what the loss takes; logits where it says nothing.
    /// </param>
    public static Metric Perplexity(bool? fromProbabilities = null) => new Of("perplexity", () => new PerplexityAccumulator(fromProbabilities));

    private sealed class PerplexityAccumulator(bool? fromProbabilities) : IAccumulator
    {
        private const double Tiny = Kernels.Losses.Probability.Tiny;
        private double[] _exponentials = [];
        private double _sum;
        private long _count;

        public void Add(in MetricBatch batch)
        {
            bool areProbabilities = fromProbabilities ?? batch.Form == PredictionForm.Probabilities;
            for (int row = 0; row < batch.Rows; row++)
            {
                if (batch.IsReal(row))
                {
                    int y = Metrics.Decision.TargetClass(batch, row, "perplexity");
                    _sum += CrossEntropy(batch.Predicted(row), batch.Target(row), y, areProbabilities);
                    _count++;
                }
            }
        }

        public double Result() => Math.Exp(_sum / _count);

        private double CrossEntropy(ReadOnlySpan<float> predicted, ReadOnlySpan<float> target, int y, bool areProbabilities)
        {
            double logSum = areProbabilities ? 0 : LogSumExp(predicted);
            if (target.Length == 1)
            {
                return -Log(predicted[y]);
            }
            double sum = 0;
            for (int k = 0; k < predicted.Length; k++)
            {
                sum -= target[k] == 0 ? 0 : target[k] * Log(predicted[k]);
            }
            return sum;

            double Log(float x) => areProbabilities ? Math.Log(Math.Max(x, Tiny)) : x - logSum;
        }

        /// <summary>m + log Σ exp(x − m), m = max x.</summary>
        private double LogSumExp(ReadOnlySpan<float> logits)
        {
            if (_exponentials.Length < logits.Length)
            {
                _exponentials = new double[logits.Length];
            }
            Span<double> exponentials = _exponentials.AsSpan(0, logits.Length);
            double largest = TensorPrimitives.Max(logits);
            TensorPrimitives.ConvertTruncating(logits, exponentials);
            TensorPrimitives.Subtract(exponentials, largest, exponentials);
            TensorPrimitives.Exp(exponentials, exponentials);
            return largest + Math.Log(TensorPrimitives.Sum<double>(exponentials));
        }
    }
}
