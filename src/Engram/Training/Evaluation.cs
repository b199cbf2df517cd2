namespace Engram.Training;

/// <summary>Loss and metrics over a data set.</summary>
internal static class Evaluation
{
    public static Dictionary<string, double> Run(Model model, ISampleSource samples, int batchSize, CancellationToken cancellation)
    {
        Loss loss = model.Loss ?? throw new InvalidOperationException("Compile the model first: model.Compile(optimizer, loss).");
        Metric.IAccumulator[] metrics = [.. model.Metrics.Select(metric => metric.Start())];
        double sum = 0;
        float[] predictions = [];
        Inference.Run(model, samples, batchSize, wantsTargets: true, (pass, predicted, _, targets) =>
        {
            int count = predicted.Shape[0];
            Tensor target = pass.Input(targets, samples.TargetShape.Prepend(count));
            sum += count * (double)loss.Apply(pass, predicted, target).ToScalar();
            if (metrics.Length > 0)
            {
                if (predictions.Length < targets.Length)
                {
                    predictions = new float[targets.Length];
                }
                predicted.CopyTo(predictions);
                foreach (Metric.IAccumulator metric in metrics)
                {
                    metric.Add(predictions.AsSpan(0, targets.Length), targets);
                }
            }
        }, cancellation);
        var results = new Dictionary<string, double> { ["loss"] = samples.Count == 0 ? double.NaN : sum / samples.Count };
        for (int i = 0; i < metrics.Length; i++)
        {
            results[model.Metrics[i].Name] = metrics[i].Result();
        }
        return results;
    }
}
