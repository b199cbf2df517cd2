namespace Engram;

/// <summary>A number that tells how good predictions are, shown beside the loss but not trained on.</summary>
public abstract class Metric
{
    /// <summary>Mean of |predicted − target|.</summary>
    public static Metric MeanAbsoluteError { get; } = new Mean("mean_absolute_error", e => Math.Abs(e), sum => sum);

    /// <summary>Root of the mean of (predicted − target)².</summary>
    public static Metric RootMeanSquaredError { get; } = new Mean("root_mean_squared_error", e => e * e, Math.Sqrt);

    /// <summary>Name in histories: <c>mean_absolute_error</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Starts to gather over a data set.</summary>
    public abstract IAccumulator Start();

    /// <summary>Gathers over the batches of a data set.</summary>
    public interface IAccumulator
    {
        /// <summary>Adds a batch: predictions and targets, element by element.</summary>
        void Add(ReadOnlySpan<float> predicted, ReadOnlySpan<float> target);

        /// <summary>The metric over all that was added; NaN where nothing was.</summary>
        double Result();
    }

    private sealed class Mean(string name, Func<double, double> term, Func<double, double> finish) : Metric
    {
        public override string Name => name;

        public override IAccumulator Start() => new Accumulator(term, finish);

        private sealed class Accumulator(Func<double, double> term, Func<double, double> finish) : IAccumulator
        {
            private double _sum;
            private long _count;

            public void Add(ReadOnlySpan<float> predicted, ReadOnlySpan<float> target)
            {
                for (int i = 0; i < predicted.Length; i++)
                {
                    _sum += term((double)predicted[i] - target[i]);
                }
                _count += predicted.Length;
            }

            public double Result() => _count == 0 ? double.NaN : finish(_sum / _count);
        }
    }
}
