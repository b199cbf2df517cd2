namespace Engram;

/// <summary>
/// A number that tells how good predictions are, shown beside the loss but not trained on. Steps that are padding are left out; the
/// result is that over the whole data set at once, whatever the batches.
/// </summary>
public abstract partial class Metric
{
    /// <summary>Name in histories: <c>mean_absolute_error</c>.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Whether a larger value is a better one, as of an accuracy; false by default, as of an error. What watches the metric goes by it.
    /// </summary>
    public virtual bool LargerIsBetter => false;

    /// <summary>Starts to gather over a data set.</summary>
    public abstract IAccumulator Start();

    /// <summary>Gathers over the batches of a data set.</summary>
    public interface IAccumulator
    {
        /// <summary>Adds a batch.</summary>
        /// <exception cref="ShapeException">The metric makes nothing of rows of these sizes.</exception>
        void Add(in MetricBatch batch);

        /// <summary>The metric over all that was added; NaN where nothing was.</summary>
        double Result();
    }

    /// <summary>A metric that is made by a function.</summary>
    private sealed class Of(string name, Func<IAccumulator> start, bool largerIsBetter = false) : Metric
    {
        public override bool LargerIsBetter => largerIsBetter;

        public override string Name => name;

        public override IAccumulator Start() => start();
    }
}
