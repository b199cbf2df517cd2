using Engram.Backends;
using Engram.Losses;

namespace Engram;

/// <content>Losses that compare whole rows.</content>
public abstract partial class Loss
{
    /// <summary>
    /// The Kullback-Leibler divergence Σ tₖ log(tₖ / pₖ) of predictions from targets over the last dimension, in nats, the mean over all
    /// rows. Targets have the shape of the predictions, and each row is a distribution. A number outside 0 … 1 is an
    /// <see cref="ArgumentException"/> that names its place; targets on masked steps are not looked at.
    /// </summary>
    /// <param name="fromProbabilities">Whether the model puts out probabilities; false by default: logits, p = softmax(x).</param>
    public static Loss KullbackLeibler(bool fromProbabilities = false) =>
        new KernelLoss("kullback_leibler", new LossSpec(LossKind.KullbackLeibler) { Target = TargetForm.Shares, FromProbabilities = fromProbabilities });

    /// <summary>
    /// One less the cosine between prediction and target over the last dimension, 0 where both point the same way and 2 where they
    /// point against each other, the mean over all rows. A row without length counts as at a right angle.
    /// </summary>
    public static Loss Cosine { get; } = new KernelLoss("cosine", new LossSpec(LossKind.Cosine));
}
