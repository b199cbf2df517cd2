namespace Engram.Training;

/// <summary>Gathers loss and metrics of one output of a model over the batches of a data set.</summary>
internal sealed class OutputScore(Loss loss, IReadOnlyList<Metric> metrics)
{
    private readonly Metric.IAccumulator[] _metrics = [.. metrics.Select(metric => metric.Start())];
    private float[] _predictions = [];
    private double _sum, _weights;
    private bool _any;

    /// <summary>The mean loss; NaN where there was no sample, and 0 where no step of any was real.</summary>
    public double Loss => _weights > 0 ? _sum / _weights : _any ? 0 : double.NaN;

    /// <summary>Adds a batch; the targets are given as a tensor of the pass and as they were read.</summary>
    public void Add(Tensor predicted, Tensor target, ReadOnlySpan<float> targets)
    {
        Pass pass = predicted.Body.Owner!;
        double weight = loss.WeightOf(predicted, target);
        _sum += weight * loss.Apply(pass, predicted, target).ToScalar();
        _weights += weight;
        _any = true;
        if (_metrics.Length > 0)
        {
            int count = (int)predicted.Shape.Count;
            if (_predictions.Length < count)
            {
                _predictions = new float[count];
            }
            predicted.CopyTo(_predictions);
            var batch = new MetricBatch(_predictions.AsSpan(0, count), predicted.Shape, targets, predicted.Mask, loss.PredictionForm);
            foreach (Metric.IAccumulator metric in _metrics)
            {
                metric.Add(batch);
            }
        }
    }

    /// <summary>Writes the metrics under their names behind a prefix.</summary>
    public void AddMetrics(Dictionary<string, double> results, string prefix)
    {
        for (int i = 0; i < _metrics.Length; i++)
        {
            results[prefix + metrics[i].Name] = _metrics[i].Result();
        }
    }
}
