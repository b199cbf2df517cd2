namespace Engram.Training;

/// <summary>Loss and metrics over a data set.</summary>
internal static class Evaluation
{
    public static Dictionary<string, double> Run(Model model, ISampleSource samples, int batchSize, CancellationToken cancellation)
    {
        Loss loss = model.Loss ?? throw new InvalidOperationException("Compile the model first: model.Compile(optimizer, loss).");
        Metric.IAccumulator[] metrics = [.. model.Metrics.Select(metric => metric.Start())];
        double sum = 0, weights = 0;
        float[] predictions = [];
        Inference.Run(model, samples, batchSize, wantsTargets: true, (pass, predicted, _, targets) =>
        {
            Tensor target = pass.Input(targets, samples.TargetShape.Prepend(predicted.Shape[0]));
            double weight = loss.WeightOf(predicted, target);
            sum += weight * loss.Apply(pass, predicted, target).ToScalar();
            weights += weight;
            if (metrics.Length > 0)
            {
                int count = (int)predicted.Shape.Count;
                if (predictions.Length < count)
                {
                    predictions = new float[count];
                }
                predicted.CopyTo(predictions);
                var batch = new MetricBatch(predictions.AsSpan(0, count), predicted.Shape, targets, predicted.Mask);
                foreach (Metric.IAccumulator metric in metrics)
                {
                    metric.Add(batch);
                }
            }
        }, cancellation);
        var results = new Dictionary<string, double> { ["loss"] = samples.Count == 0 ? double.NaN : weights > 0 ? sum / weights : 0 };
        for (int i = 0; i < metrics.Length; i++)
        {
            results[model.Metrics[i].Name] = metrics[i].Result();
        }
        return results;
    }
}
