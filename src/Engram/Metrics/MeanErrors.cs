namespace Engram;

/// <content>Means of errors, element by element.</content>
public abstract partial class Metric
{
    /// <summary>Mean of |predicted − target|.</summary>
    public static Metric MeanAbsoluteError { get; } = Mean("mean_absolute_error", (p, y) => Math.Abs(p - y), mean => mean);

    /// <summary>Root of the mean of (predicted − target)².</summary>
    public static Metric RootMeanSquaredError { get; } = Mean("root_mean_squared_error", (p, y) => (p - y) * (p - y), Math.Sqrt);

    /// <summary>
    /// Mean absolute percentage error: the mean of 100 · |predicted − target| / |target|. A target of 0, of which nothing is a percentage, is
    /// left out; NaN where all are 0. It favours low predictions: mind the symmetric and the scaled error too.
    /// </summary>
    public static Metric MeanAbsolutePercentageError { get; } = Mean("mean_absolute_percentage_error", PercentageError.Absolute, mean => mean);

    /// <summary>
    /// Symmetric mean absolute percentage error, 0 … 200 (Makridakis 1993): the mean of 200 · |predicted − target| / (|predicted| + |target|), 0
    /// where both are 0.
    /// </summary>
    public static Metric SymmetricMeanAbsolutePercentageError { get; } =
        Mean("symmetric_mean_absolute_percentage_error", (p, y) => PercentageError.Symmetric(p, y), mean => mean);

    /// <summary>
    /// Mean absolute scaled error (Hyndman &amp; Koehler 2006): the mean absolute error in units of the error that the naive one-step forecast
    /// makes on the training part, mean |yₜ − yₜ₋₁|. Below 1 is better than naive.
    /// </summary>
    /// <param name="naiveError">That error of the training part, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is not a number above 0.</exception>
    public static Metric MeanAbsoluteScaledError(double naiveError)
    {
        if (!(naiveError > 0 && double.IsFinite(naiveError)))
        {
            throw new ArgumentOutOfRangeException(nameof(naiveError), naiveError, "The naive error is a number above 0: a series that never changes has no scale.");
        }
        return Mean("mean_absolute_scaled_error", (p, y) => Math.Abs(p - y), mean => mean / naiveError);
    }

    private static Of Mean(string name, Func<double, double, double?> term, Func<double, double> finish) =>
        new(name, () => new MeanAccumulator(name, term, finish));

    private sealed class MeanAccumulator(string name, Func<double, double, double?> term, Func<double, double> finish) : IAccumulator
    {
        private double _sum;
        private long _count;

        public void Add(in MetricBatch batch)
        {
            batch.RequireElements(name);
            for (int row = 0; row < batch.Rows; row++)
            {
                if (batch.IsReal(row))
                {
                    Add(batch.Predicted(row), batch.Target(row));
                }
            }
        }

        public double Result() => _count == 0 ? double.NaN : finish(_sum / _count);

        private void Add(ReadOnlySpan<float> predicted, ReadOnlySpan<float> target)
        {
            for (int i = 0; i < predicted.Length; i++)
            {
                if (term(predicted[i], target[i]) is { } value)
                {
                    _sum += value;
                    _count++;
                }
            }
        }
    }
}
