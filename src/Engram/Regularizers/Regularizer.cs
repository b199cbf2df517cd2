using Engram.Backends;

namespace Engram;

/// <summary>
/// A penalty that training adds to the loss, so that weights, or a layer's outputs, stay small:
/// <code>
///   L1   λ₁ Σ |w|       drives weights to zero
///   L2   λ₂ Σ w²        shrinks large weights most
/// </code>
/// Set on layers (<see cref="Layer.KernelRegularizer"/> and its kin) or on a <see cref="Parameter"/>. What training makes small is loss plus penalties; histories
/// report both, <c>loss</c> without the penalties, so that it compares with <c>val_loss</c>, and <c>penalty</c>. In a loop of one's own add
/// <see cref="Operations.Penalty"/> to the loss.
/// </summary>
/// <remarks>A decay beside the gradient, as AdamW has it, is <see cref="Optimizer.WeightDecay"/>.</remarks>
public sealed class Regularizer
{
    private readonly LossSpec _spec;

    private Regularizer(double l1, double l2)
    {
        (Absolute, Squared) = (Optimizer.NotNegative(l1, nameof(l1), "A penalty"), Optimizer.NotNegative(l2, nameof(l2), "A penalty"));
        _spec = new LossSpec(LossKind.Penalty) { Values = [l1, l2] };
    }

    /// <summary>λ₁.</summary>
    public double Absolute { get; }

    /// <summary>λ₂.</summary>
    public double Squared { get; }

    /// <summary>λ₁ Σ |w|.</summary>
    /// <param name="l1">λ₁, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not a number of 0 or more.</exception>
    public static Regularizer L1(double l1) => new(l1, 0);

    /// <summary>λ₂ Σ w².</summary>
    /// <param name="l2">λ₂, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not a number of 0 or more.</exception>
    public static Regularizer L2(double l2) => new(0, l2);

    /// <summary>λ₁ Σ |w| + λ₂ Σ w² (Zou &amp; Hastie 2005).</summary>
    /// <param name="l1">λ₁, 0 or more.</param>
    /// <param name="l2">λ₂, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not a number of 0 or more.</exception>
    public static Regularizer L1L2(double l1, double l2) => new(l1, l2);

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"λ₁ {Absolute:R}, λ₂ {Squared:R}");

    /// <summary>The penalty of weights, of rank 0: the sum over all of them.</summary>
    internal Tensor OfWeights(Pass pass, Tensor weights)
    {
        double rows = weights.Shape.Rank < 2 ? weights.Shape.Count : weights.Shape.Rows;
        return pass.Scale(pass.Loss(_spec, weights, weights, "penalty"), rows);
    }

    /// <summary>The penalty of a layer's output, of rank 0: the sum over each row, the mean over the rows that are real.</summary>
    internal Tensor OfActivity(Pass pass, Tensor output) => pass.Loss(_spec, output, output, "activity penalty");
}
