using System.Globalization;
using Engram.Backends;
using Engram.Training;

namespace Engram;

/// <summary>
/// Adam with Nesterov's momentum (Dozat 2016), and with its momentum warmed up:
/// <code>
///   μₜ = β₁ (1 − ½ · 0.96^(t/250)),   Πₜ = μ₁ · … · μₜ
///   m ← β₁ m + (1 − β₁) g       v ← β₂ v + (1 − β₂) g²
///   w ← w − η ((1 − μₜ) / (1 − Πₜ) · g + μₜ₊₁ / (1 − Πₜ₊₁) · m) / (√(v / (1 − β₂ᵗ)) + ε)
/// </code>
/// </summary>
public sealed class Nadam : Optimizer
{
    private double _product = 1;

    /// <summary>Nadam.</summary>
    /// <param name="learningRate">η, above 0; 0.001 by default.</param>
    /// <param name="beta1">β₁, in [0, 1); 0.9 by default.</param>
    /// <param name="beta2">β₂, in [0, 1); 0.999 by default.</param>
    /// <param name="epsilon">ε, above 0; 1e-7 by default, as in Keras.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public Nadam(double learningRate = 0.001, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-7)
        : base(learningRate) =>
        (Beta1, Beta2, Epsilon) = (Share(beta1, nameof(beta1), "β₁"), Share(beta2, nameof(beta2), "β₂"), Positive(epsilon, nameof(epsilon), "ε"));

    /// <summary>β₁.</summary>
    public double Beta1 { get; }

    /// <summary>β₂.</summary>
    public double Beta2 { get; }

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    public override string Name => "nadam";

    internal override IReadOnlyList<string> SlotNames { get; } = ["first", "second"];

    internal override void Save(CheckpointWriter checkpoint) =>
        checkpoint.Set("nadam.momentumProduct", _product.ToString("R", CultureInfo.InvariantCulture));

    internal override void Restore(CheckpointReader checkpoint) => _product = checkpoint.Number("nadam.momentumProduct", 0, 1);

    internal override Action Remember(Model model)
    {
        (Action restore, double product) = (base.Remember(model), _product);
        return () =>
        {
            restore();
            _product = product;
        };
    }

    private protected override void Forget()
    {
        base.Forget();
        _product = 1;
    }

    private protected override void StartStep() => _product *= MomentumAt(Steps);

    private protected override IEnumerable<string> Settings => [Text($"β₁ {Beta1:R}"), Text($"β₂ {Beta2:R}"), Text($"ε {Epsilon:R}")];

    private protected override void Update(IBackend backend, Parameter parameter, Storage[] slots, in StepSize size)
    {
        double now = MomentumAt(Steps), next = MomentumAt(Steps + 1);
        backend.NadamStep(
            parameter.Value, parameter.Gradient, slots[0], slots[1], parameter.Shape.Count,
            new NadamStep(size, Beta1, Beta2, Epsilon, Steps, (1 - now) / (1 - _product), next / (1 - _product * next)));
    }

    private double MomentumAt(long step) => Beta1 * (1 - 0.5 * Math.Pow(0.96, step / 250.0));
}
