namespace Engram;

/// <summary>
/// <see cref="Adam"/> with decoupled weight decay (Loshchilov &amp; Hutter 2019): the weights shrink by η λ at every step, beside the gradient and not
/// through it, so that weights with large gradients decay as much as others.
/// <code>
///   w ← (1 − η λ) w − η · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
/// </code>
/// </summary>
public sealed class AdamW : Adam
{
    /// <summary>AdamW.</summary>
    /// <param name="learningRate">η, above 0; 0.001 by default.</param>
    /// <param name="weightDecay">λ, 0 or more; 0.01 by default. <see cref="Optimizer.Groups"/> can spare biases.</param>
    /// <param name="beta1">β₁, in [0, 1); 0.9 by default.</param>
    /// <param name="beta2">β₂, in [0, 1); 0.999 by default.</param>
    /// <param name="epsilon">ε, above 0; 1e-7 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public AdamW(double learningRate = 0.001, double weightDecay = 0.01, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-7)
        : base(learningRate, beta1, beta2, epsilon) => WeightDecay = weightDecay;

    /// <inheritdoc/>
    public override string Name => "adamw";
}
