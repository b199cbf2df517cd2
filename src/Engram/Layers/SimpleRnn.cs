using System.Text.Json;
using Engram.Backends;

namespace Engram;

/// <summary>
/// The simple recurrent network (Elman 1990): <c>h' = φ(W x + U h + b)</c>. It forgets within some tens of steps, because its gradient
/// shrinks or grows with every step; see <see cref="Lstm"/>. Weights: <c>kernel</c> W [features, units], <c>recurrent_kernel</c> U [units, units],
/// <c>bias</c> [units].
/// </summary>
/// <inheritdoc/>
public sealed class SimpleRnn : HiddenStateLayer
{
    /// <summary>A layer of so many units.</summary>
    /// <param name="units">Size of the hidden state, 1 … 1,048,576.</param>
    /// <param name="activation">φ: tanh, the default, or ReLU.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer units than one, or too many, or another activation.</exception>
    public SimpleRnn(int units, Activation activation = Activation.Tanh)
        : base(units)
    {
        if (activation is not (Activation.Tanh or Activation.ReLU))
        {
            throw new ArgumentOutOfRangeException(nameof(activation), activation, "A simple recurrent layer has tanh or ReLU.");
        }
        Activation = activation;
    }

    /// <summary>φ.</summary>
    public Activation Activation { get; }

    /// <inheritdoc/>
    public override string Kind => "rnn";

    private protected override RecurrentCell Cell => Activation == Activation.ReLU ? RecurrentCell.ReluRnn : RecurrentCell.TanhRnn;

    internal override void WriteOptions(Utf8JsonWriter json)
    {
        base.WriteOptions(json);
        json.WriteString("activation", ActivationLayer.NameOf(Activation));
    }
}
