namespace Engram;

/// <content>R².</content>
public abstract partial class Metric
{
    /// <summary>
    /// The coefficient of determination, 1 − Σ (y − p)² / Σ (y − ȳ)², where ȳ is the mean of the targets measured on: 1 is perfect, 0 no better than
    /// that mean, below 0 worse. Of several outputs the mean over the outputs; NaN where the targets of one do not vary.
    /// </summary>
    public static Metric RSquared { get; } = new Of("r_squared", () => new RSquaredAccumulator(), largerIsBetter: true);

    private sealed class RSquaredAccumulator : IAccumulator
    {
        private double[] _means = [], _squares = [], _residuals = [];
        private long _count;

        public void Add(in MetricBatch batch)
        {
            batch.RequireElements("r_squared");
            if (_means.Length == 0)
            {
                (_means, _squares, _residuals) = (new double[batch.Columns], new double[batch.Columns], new double[batch.Columns]);
            }
            for (int row = 0; row < batch.Rows; row++)
            {
                if (batch.IsReal(row))
                {
                    _count++;
                    Add(batch.Predicted(row), batch.Target(row));
                }
            }
        }

        public double Result()
        {
            double sum = 0;
            for (int k = 0; k < _means.Length; k++)
            {
                sum += _squares[k] > 0 ? 1 - _residuals[k] / _squares[k] : double.NaN;
            }
            return sum / _means.Length;
        }

        // Welford's update: m' = m + (y − m) / n,  s' = s + (y − m)(y − m')
        private void Add(ReadOnlySpan<float> predicted, ReadOnlySpan<float> target)
        {
            for (int k = 0; k < predicted.Length; k++)
            {
                double y = target[k], error = y - predicted[k], before = y - _means[k];
                _means[k] += before / _count;
                _squares[k] += before * (y - _means[k]);
                _residuals[k] += error * error;
            }
        }
    }
}
