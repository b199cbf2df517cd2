namespace Engram.Training;

/// <summary>Loss and metrics over a data set.</summary>
internal static class Evaluation
{
    public static Dictionary<string, double> Run(Model model, ISampleSource samples, int batchSize, CarriedStates? states, CancellationToken cancellation)
    {
        Loss loss = model.Loss ?? throw new InvalidOperationException("Compile the model first: model.Compile(optimizer, loss).");
        var score = new OutputScore(loss, model.Metrics);
        Inference.Run(
            model, samples, batchSize, wantsTargets: true,
            (pass, batch, _) => score.Add(model.Forward(pass, batch.Input(pass)), batch.Target(pass), batch.Targets), states, cancellation);
        var results = new Dictionary<string, double> { ["loss"] = score.Loss };
        score.AddMetrics(results, "");
        return results;
    }
}
