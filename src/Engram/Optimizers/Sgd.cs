using Engram.Backends;

namespace Engram;

/// <summary>
/// Stochastic gradient descent, plain, with momentum (Polyak 1964) or with Nesterov's (Sutskever et al. 2013):
/// <code>
///   plain       w ← w − η g
///   momentum    v ← μ v − η g,   w ← w + v
///   Nesterov    v ← μ v − η g,   w ← w + μ v − η g
/// </code>
/// </summary>
public sealed class Sgd : Optimizer
{
    /// <summary>SGD.</summary>
    /// <param name="learningRate">η, above 0; 0.01 by default.</param>
    /// <param name="momentum">μ, in [0, 1); 0 by default.</param>
    /// <param name="nesterov">Whether the momentum is Nesterov's; needs one above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public Sgd(double learningRate = 0.01, double momentum = 0, bool nesterov = false)
        : base(learningRate)
    {
        if (nesterov && momentum == 0)
        {
            throw new ArgumentOutOfRangeException(nameof(momentum), momentum, "Nesterov's momentum needs a momentum above 0.");
        }
        Momentum = Share(momentum, nameof(momentum), "A momentum");
        Nesterov = nesterov;
    }

    /// <summary>μ.</summary>
    public double Momentum { get; }

    /// <summary>Whether the momentum is Nesterov's.</summary>
    public bool Nesterov { get; }

    /// <inheritdoc/>
    public override string Name => "sgd";

    internal override IReadOnlyList<string> SlotNames => Momentum > 0 ? ["velocity"] : [];

    private protected override IEnumerable<string> Settings => [Text($"momentum {Momentum:R}"), .. Nesterov ? ["Nesterov"] : Array.Empty<string>()];

    private protected override void Update(IBackend backend, Parameter parameter, Storage[] slots, in StepSize size) =>
        backend.SgdStep(
            parameter.Value, parameter.Gradient, slots.Length > 0 ? slots[0] : null, parameter.Shape.Count,
            new SgdStep(size, Momentum, Nesterov));
}
