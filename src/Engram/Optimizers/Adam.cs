using Engram.Backends;

namespace Engram;

/// <summary>
/// Adam (Kingma &amp; Ba 2014): steps of the size η, by the mean of gradients over the root of the mean of their squares.
/// <code>
///   m ← β₁ m + (1 − β₁) g       v ← β₂ v + (1 − β₂) g²
///   w ← w − η · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)
/// </code>
/// </summary>
public class Adam : Optimizer
{
    /// <summary>Adam.</summary>
    /// <param name="learningRate">η, above 0; 0.001 by default.</param>
    /// <param name="beta1">β₁, in [0, 1); 0.9 by default.</param>
    /// <param name="beta2">β₂, in [0, 1); 0.999 by default.</param>
    /// <param name="epsilon">ε, above 0; 1e-7 by default, as in Keras.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public Adam(double learningRate = 0.001, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-7)
        : base(learningRate)
    {
        Beta1 = Share(beta1, nameof(beta1), "β₁");
        Beta2 = Share(beta2, nameof(beta2), "β₂");
        Epsilon = Positive(epsilon, nameof(epsilon), "ε");
    }

    /// <summary>β₁.</summary>
    public double Beta1 { get; }

    /// <summary>β₂.</summary>
    public double Beta2 { get; }

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    public override string Name => "adam";

    internal override IReadOnlyList<string> SlotNames { get; } = ["first", "second"];

    private protected override IEnumerable<string> Settings => [Text($"β₁ {Beta1:R}"), Text($"β₂ {Beta2:R}"), Text($"ε {Epsilon:R}")];

    private protected override void Update(IBackend backend, Parameter parameter, Storage[] slots, in StepSize size) =>
        backend.AdamStep(
            parameter.Value, parameter.Gradient, slots[0], slots[1], parameter.Shape.Count,
            new AdamStep(size, Beta1, Beta2, Epsilon, Steps));
}
