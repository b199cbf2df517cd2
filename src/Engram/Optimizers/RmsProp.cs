using Engram.Backends;

namespace Engram;

/// <summary>
/// RMSprop (Tieleman &amp; Hinton 2012): gradients over the root of a running mean of their squares; centred and with momentum as in
/// Graves 2013.
/// <code>
///   n ← ρ n + (1 − ρ) g²        centred: a ← ρ a + (1 − ρ) g, else a = 0
///   d = η g / √(n − a² + ε)
///   plain: w ← w − d            momentum: v ← μ v − d,  w ← w + v
/// </code>
/// </summary>
public sealed class RmsProp : Optimizer
{
    /// <summary>RMSprop.</summary>
    /// <param name="learningRate">η, above 0; 0.001 by default.</param>
    /// <param name="decay">ρ, in [0, 1); 0.9 by default.</param>
    /// <param name="momentum">μ, in [0, 1); 0 by default.</param>
    /// <param name="centered">Whether the mean gradient is taken off, so that it is a variance that steps are scaled by. False by default.</param>
    /// <param name="epsilon">ε, above 0; 1e-7 by default, as in Keras.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public RmsProp(double learningRate = 0.001, double decay = 0.9, double momentum = 0, bool centered = false, double epsilon = 1e-7)
        : base(learningRate)
    {
        Decay = Share(decay, nameof(decay), "A decay");
        Momentum = Share(momentum, nameof(momentum), "A momentum");
        Epsilon = Positive(epsilon, nameof(epsilon), "ε");
        Centered = centered;
        SlotNames = [.. ((string[])["squares", "mean", "velocity"]).Where(name => name == "squares" || (name == "mean" ? centered : momentum > 0))];
    }

    /// <summary>ρ.</summary>
    public double Decay { get; }

    /// <summary>μ.</summary>
    public double Momentum { get; }

    /// <summary>Whether the mean gradient is taken off.</summary>
    public bool Centered { get; }

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    public override string Name => "rmsprop";

    internal override IReadOnlyList<string> SlotNames { get; }

    private protected override IEnumerable<string> Settings => [Text($"decay {Decay:R}"), Text($"momentum {Momentum:R}"), Text($"ε {Epsilon:R}"), .. Centered ? ["centred"] : Array.Empty<string>()];

    private protected override void Update(IBackend backend, Parameter parameter, Storage[] slots, in StepSize size) => backend.RmsPropStep(
        parameter.Value, parameter.Gradient, slots[0], Centered ? slots[1] : null, Momentum > 0 ? slots[^1] : null, parameter.Shape.Count,
        new RmsPropStep(size, Decay, Momentum, Epsilon));
}
