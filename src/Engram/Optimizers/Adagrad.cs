using Engram.Backends;

namespace Engram;

/// <summary>
/// Adagrad (Duchi et al. 2011): steps that shrink with the sum of all squared gradients so far, for each weight by itself, so that rare
/// inputs keep large ones.
/// <code>
///   s ← s + g²,   w ← w − η g / (√s + ε)
/// </code>
/// </summary>
public sealed class Adagrad : Optimizer
{
    /// <summary>Adagrad.</summary>
    /// <param name="learningRate">η, above 0; 0.01 by default.</param>
    /// <param name="epsilon">ε, above 0; 1e-7 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public Adagrad(double learningRate = 0.01, double epsilon = 1e-7)
        : base(learningRate) => Epsilon = Positive(epsilon, nameof(epsilon), "ε");

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    public override string Name => "adagrad";

    internal override IReadOnlyList<string> SlotNames { get; } = ["squares"];

    private protected override IEnumerable<string> Settings => [Text($"ε {Epsilon:R}")];

    private protected override void Update(IBackend backend, Parameter parameter, Storage[] slots, in StepSize size) =>
        backend.AdagradStep(parameter.Value, parameter.Gradient, slots[0], parameter.Shape.Count, new AdagradStep(size, Epsilon));
}
