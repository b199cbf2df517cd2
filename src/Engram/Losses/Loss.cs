using Engram.Backends;

namespace Engram;

/// <summary>What training makes small. Losses are means over all elements, so that they do not depend on the batch size.</summary>
public abstract class Loss
{
    /// <summary>Mean of e², e = predicted − target.</summary>
    public static Loss MeanSquaredError { get; } = new Elementwise("mean_squared_error", LossKind.MeanSquared, 0);

    /// <summary>Mean of |e|, e = predicted − target.</summary>
    public static Loss MeanAbsoluteError { get; } = new Elementwise("mean_absolute_error", LossKind.MeanAbsolute, 0);

    /// <summary>Name in histories and files: <c>mean_squared_error</c>.</summary>
    public abstract string Name { get; }

    /// <summary>
    /// Mean of e²/2 where |e| ≤ δ and of δ(|e| − δ/2) beyond: squared near zero, absolute for outliers (Huber 1964).
    /// </summary>
    /// <param name="delta">δ, above 0; 1 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">δ is not above 0.</exception>
    public static Loss Huber(double delta = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(delta);
        return new Elementwise("huber", LossKind.Huber, delta);
    }

    /// <summary>The loss of a batch, of rank 0.</summary>
    /// <param name="pass">The pass that owns the result.</param>
    /// <param name="predicted">The model's output.</param>
    /// <param name="target">What it should have been, of the same shape.</param>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public abstract Tensor Apply(Pass pass, Tensor predicted, Tensor target);

    /// <summary>Throws where a target does not fit a prediction, with what to do about it.</summary>
    internal static void RequireFit(Shape predicted, Shape target)
    {
        if (predicted == target)
        {
            return;
        }
        string remedy = "Give targets of the shape that the model puts out, or change the model's last layers.";
        if (predicted.Rank == 2 && target.Rank == 3 && predicted[0] == target[0])
        {
            remedy = $"Either give one value per sequence, a target of shape {predicted}, or let the last recurrent layer return its whole "
                + $"sequence (ReturnSequences = true), so that the model puts out [{target[0]}, {target[1]}, {predicted[1]}].";
        }
        else if (predicted.Rank == 3 && target.Rank == 2 && predicted[0] == target[0])
        {
            remedy = "Either give one target for every time step, or let the last recurrent layer return its last output alone (ReturnSequences = false).";
        }
        else if (predicted.Count == target.Count)
        {
            remedy = $"Both have {predicted.Count} elements: give the targets with shape {predicted}.";
        }
        throw new ShapeException($"The model puts out shape {predicted}, but the target has shape {target}. {remedy}");
    }

    private sealed class Elementwise(string name, LossKind kind, double parameter) : Loss
    {
        public override string Name => name;

        public override Tensor Apply(Pass pass, Tensor predicted, Tensor target)
        {
            RequireFit(predicted.Shape, target.Shape);
            return pass.ElementwiseLoss(kind, parameter, predicted, target, name);
        }
    }
}
