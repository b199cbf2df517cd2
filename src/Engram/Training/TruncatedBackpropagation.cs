namespace Engram.Training;

/// <summary>
/// Back-propagation through time, truncated (Williams &amp; Peng 1990): long sequences are trained on piece by piece. After every
/// <see cref="Steps"/> steps the weights are changed by the gradient of the loss over these steps, which flows back over the last
/// <see cref="BackSteps"/>; the state goes on from piece to piece. Memory depends on <see cref="BackSteps"/>, not on the length of sequences.
/// </summary>
public sealed class TruncatedBackpropagation
{
    /// <summary>Pieces of so many steps.</summary>
    /// <param name="steps">Steps between updates, k1, at least 1.</param>
    /// <param name="backSteps">Steps that gradients flow back, k2, a multiple of <paramref name="steps"/>; as many where not given.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one step, or k2 is no multiple of k1.</exception>
    public TruncatedBackpropagation(int steps, int? backSteps = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        Steps = steps;
        BackSteps = backSteps ?? steps;
        if (BackSteps < steps || BackSteps % steps != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(backSteps), backSteps, $"Gradients flow back over a multiple of the {steps} steps between updates.");
        }
    }

    /// <summary>k1, steps between updates.</summary>
    public int Steps { get; }

    /// <summary>k2, steps that gradients flow back.</summary>
    public int BackSteps { get; }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"every {Steps} steps, back over {BackSteps}");
}
