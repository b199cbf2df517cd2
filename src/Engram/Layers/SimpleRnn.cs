using System.Text.Json;
using Engram.Backends;

namespace Engram;

/// <summary>
/// The simple recurrent network (Elman 1990): <c>h' = φ(W x + U h + b)</c>. It forgets within some tens of steps, because its gradient
/// shrinks or grows with every step; see <see cref="Lstm"/>. Weights: <c>kernel</c> W [features, units], <c>recurrent_kernel</c> U [units, units],
/// <c>bias</c> [units].
/// </summary>
/// <inheritdoc/>
public sealed class SimpleRnn : RecurrentLayer
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

    /// <summary>Applies the layer from a given state and returns the state after the last step beside the output.</summary>
    /// <param name="pass">The pass that owns the results.</param>
    /// <param name="input">[batch, time, features]</param>
    /// <param name="initial">h before the first step [batch, units]; zeros where not given.</param>
    /// <exception cref="ShapeException">Input or state do not fit the layer.</exception>
    public (Tensor Output, Tensor State) Apply(Pass pass, Tensor input, Tensor? initial)
    {
        ArgumentNullException.ThrowIfNull(pass);
        (Tensor output, Tensor hidden, _) = Walk(pass, input, initial ?? default, default);
        return (Finish(pass, output), hidden);
    }

    internal override void WriteOptions(Utf8JsonWriter json)
    {
        base.WriteOptions(json);
        json.WriteString("activation", ActivationLayer.NameOf(Activation));
    }
}
