namespace Engram;

/// <summary>
/// Parameters that an optimizer treats in their own way:
/// <code>
///   new AdamW(1e-3)
///   {
///       Groups =
///       [
///           new ParameterGroup(p => p.Role == "bias") { WeightDecay = 0 },
///           new ParameterGroup(p => p.LayerName == "embedding") { LearningRateFactor = 0.1 },
///       ],
///   }
/// </code>
/// </summary>
public sealed class ParameterGroup
{
    /// <summary>A group of parameters.</summary>
    /// <param name="contains">Whether a parameter belongs to it; asked once for each, at its first step or before.</param>
    public ParameterGroup(Func<Parameter, bool> contains)
    {
        ArgumentNullException.ThrowIfNull(contains);
        Contains = contains;
    }

    /// <summary>Whether a parameter belongs to the group. Of several groups the first that contains it holds.</summary>
    public Func<Parameter, bool> Contains { get; }

    /// <summary>What the learning rate is multiplied by, above 0; 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a number above 0.</exception>
    public double LearningRateFactor
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "A learning-rate factor is a number above 0. To hold parameters still, set Frozen.");
    } = 1;

    /// <summary>λ instead of the optimizer's, 0 or more; null, the default, leaves that.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a number of 0 or more.</exception>
    public double? WeightDecay { get; init => field = value is { } decay ? Optimizer.NotNegative(decay, nameof(value), "A weight decay") : null; }

    /// <summary>
    /// Whether the parameters stay as they are; false by default. <see cref="Parameter.IsTrainable"/> does the same for every optimizer, and saves
    /// the work of the gradient too.
    /// </summary>
    public bool Frozen { get; init; }

    /// <summary>How the group is treated: <c>learning rate × 0.1, weight decay 0</c>.</summary>
    public override string ToString() => Frozen ? "frozen weights"
        : FormattableString.Invariant($"learning rate × {LearningRateFactor:R}") + (WeightDecay is { } decay ? FormattableString.Invariant($", weight decay {decay:R}") : "");
}
