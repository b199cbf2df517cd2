namespace Engram;

/// <content>The loss of chains of tags.</content>
public abstract partial class Loss
{
    /// <summary>
    /// The negative log-likelihood of whole paths of tags, in nats, for a model that ends with a <see cref="Engram.ConditionalRandomField"/>: log Z − s(y), summed over
    /// the sequences and divided by the number of real steps. Predictions are scores of pairs of neighbouring tags [batch, time, tags, tags], of which the first real
    /// step's stand in row 0; targets tag ids, [batch, time] or [batch, time, 1]. An id that is no tag is an <see cref="ArgumentException"/> that names its place; ids on masked steps
    /// are not looked at.
    /// </summary>
    public static Loss ConditionalRandomField { get; } = new ChainLoss();

    private sealed class ChainLoss : Loss
    {
        public override string Name => "conditional_random_field";

        public override Tensor Apply(Pass pass, Tensor predicted, Tensor target)
        {
            ArgumentNullException.ThrowIfNull(pass);
            Shape shape = predicted.Shape;
            if (shape.Rank != 4 || shape[2] != shape[3])
            {
                throw new ShapeException(
                    $"{Name} expects scores of pairs of tags [batch, time, tags, tags], but the model puts out shape {shape}. Let a ConditionalRandomField be its last layer.");
            }
            Shape steps = new(shape[0], shape[1]);
            if (target.Shape != steps && target.Shape != new Shape(shape[0], shape[1], 1))
            {
                throw new ShapeException($"{Name} expects one tag id for each step, {steps}, but the target has shape {target.Shape}.");
            }
            return pass.ChainLoss(predicted, target, Name);
        }

        public override double WeightOf(Tensor predicted, Tensor target) =>
            predicted.Mask?.RealCount ?? (double)predicted.Shape[0] * predicted.Shape[1];
    }
}
