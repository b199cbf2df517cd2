namespace Engram;

/// <summary>
/// What training makes small. A loss is a mean over all steps that are real, so that it depends neither on the batch size nor on
/// padding: steps that the prediction's mask (<see cref="Tensor.Mask"/>) calls padding add nothing to value or gradient. A batch
/// without a real step has loss 0 and gradient 0.
/// </summary>
public abstract partial class Loss
{
    /// <summary>Name in histories and files: <c>mean_squared_error</c>.</summary>
    public abstract string Name { get; }

    /// <summary>The name, and the parameters where there are any: <c>huber (δ 5)</c>. A run is resumed only where it is the same.</summary>
    public override string ToString() => Name;

    /// <summary>What the loss takes predictions for; metrics that are not told otherwise read them alike. Plain values, unless a loss says otherwise.</summary>
    public virtual PredictionForm PredictionForm => PredictionForm.Values;

    /// <summary>
    /// The loss of a batch, of rank 0. A loss of one's own must leave padding out itself, by <see cref="Tensor.Mask"/> of the prediction: <see cref="Operations.Mean(Pass, Tensor)"/> and
    /// <see cref="Operations.Sum(Pass, Tensor)"/> do not look at masks.
    /// </summary>
    /// <param name="pass">The pass that owns the result.</param>
    /// <param name="predicted">The model's output.</param>
    /// <param name="target">What it should have been; Engram's losses let no gradient flow to it.</param>
    /// <exception cref="ShapeException">The target does not fit the prediction.</exception>
    public abstract Tensor Apply(Pass pass, Tensor predicted, Tensor target);

    /// <summary>
    /// How much a batch counts in the mean over an epoch: by default what its loss is the mean over, the real steps of the
    /// prediction, or its samples where it has no time axis.
    /// </summary>
    /// <param name="predicted">The model's output.</param>
    /// <param name="target">What it should have been.</param>
    public virtual double WeightOf(Tensor predicted, Tensor target)
    {
        Shape shape = predicted.Shape;
        return shape.Rank < 2 ? shape.Count
            : predicted.Mask is { } mask ? (double)mask.RealCount * (shape.Rank > 3 ? shape[2] : 1)
            : shape.Rows;
    }

    /// <summary>What does not fit where the loss reads the outputs of layers, and the remedy; null where nothing is wrong.</summary>
    /// <param name="outputs">Each output's layer; null where it comes from none.</param>
    internal virtual string? Misfit(IReadOnlyList<Layer?> outputs)
    {
        if (PredictionForm != PredictionForm.Logits || outputs.FirstOrDefault(layer => layer?.OutputActivation is Activation.Sigmoid or Activation.Softmax) is not { } output)
        {
            return null;
        }
        return $"Layer {output.Name} ({output.Kind}) puts out probabilities, by its {ActivationLayer.NameOf(output.OutputActivation)}, but {Name} takes logits and makes probabilities of them itself. "
            + "Leave the activation out, which is faster and exact; or tell the loss that it gets probabilities: new CrossEntropyOptions { FromProbabilities = true }, or KullbackLeibler(fromProbabilities: true).";
    }
}
