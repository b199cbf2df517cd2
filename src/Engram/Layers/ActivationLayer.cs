using System.Text.Json;

namespace Engram;

/// <summary>An activation as a layer of its own.</summary>
/// <param name="activation">φ.</param>
public sealed class ActivationLayer(Activation activation) : Layer
{
    /// <summary>φ.</summary>
    public Activation Activation { get; } = activation;

    /// <inheritdoc/>
    public override string Kind => "activation";

    internal override Activation OutputActivation => Activation;

    /// <inheritdoc/>
    protected override Tensor Forward(Pass pass, Tensor input) => pass.Activate(input, Activation);

    internal override void WriteOptions(Utf8JsonWriter json) => json.WriteString("activation", NameOf(Activation));

    /// <summary>The activation's name in files.</summary>
    internal static string NameOf(Activation activation) => activation switch
    {
        Activation.Linear => "linear",
        Activation.Sigmoid => "sigmoid",
        Activation.Tanh => "tanh",
        Activation.ReLU => "relu",
        Activation.Softmax => "softmax",
        _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no such activation."),
    };
}
