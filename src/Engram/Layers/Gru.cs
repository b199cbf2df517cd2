using System.Text.Json;
using Engram.Backends;
using Engram.Layers;

namespace Engram;

/// <summary>
/// Gated recurrent unit (Cho et al. 2014). For each step
/// <code>
///   z = σ(W_z x + U_z h + b_z)                     update gate
///   r = σ(W_r x + U_r h + b_r)                     reset gate
///   n = tanh(W_n x + b_n + r ⊙ (U_n h + b_m))      candidate, with <see cref="ResetAfter"/>
///   n = tanh(W_n x + U_n (r ⊙ h) + b_n)            candidate, without
///   h' = (1 − z) ⊙ n + z ⊙ h                       hidden state, the output
/// </code>
/// Weights: <c>kernel</c> W [features, 3 · units] and <c>recurrent_kernel</c> U [units, 3 · units], in column blocks z, r, n; <c>bias</c> in
/// blocks z, r, n and, with <see cref="ResetAfter"/>, m.
/// </summary>
/// <inheritdoc/>
public sealed class Gru : HiddenStateLayer
{
    /// <summary>A layer of so many units.</summary>
    /// <param name="units">Size of the hidden state, 1 … 1,048,576.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer units than one, or too many.</exception>
    public Gru(int units)
        : base(units)
    {
    }

    /// <summary>
    /// Whether the reset gate acts after the recurrent product, as in cuDNN, PyTorch and Keras, or before it, as first published.
    /// True by default.
    /// </summary>
    public bool ResetAfter { get; init; } = true;

    /// <summary>
    /// The update gate's bias before training: 0 by default. Above 0 the cell remembers until it learns to let new things in, as with an LSTM's
    /// <see cref="Lstm.ForgetBias"/>.
    /// </summary>
    public float UpdateBias { get; init; }

    /// <inheritdoc/>
    public override string Kind => "gru";

    private protected override RecurrentCell Cell => ResetAfter ? RecurrentCell.Gru : RecurrentCell.GruResetBefore;

    private protected override Initializer BiasInitializer => new RowInitializer(Units, (0, UpdateBias));

    internal override void WriteOptions(Utf8JsonWriter json)
    {
        base.WriteOptions(json);
        json.WriteBoolean("resetAfter", ResetAfter);
    }
}
