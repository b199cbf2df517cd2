using System.Text.Json;
using Engram.Layers;

namespace Engram;

/// <summary>
/// A fully connected layer, φ(x W + b), over the last dimension: [batch, features] to [batch, units], or at every step
/// [batch, time, features] to [batch, time, units]. Weights: <c>kernel</c> W [features, units] and <c>bias</c> b [units].
/// </summary>
public sealed class Dense : Layer
{
    private readonly PackedCache _packed = new();
    private Parameter _kernel = null!;
    private Parameter? _bias;

    /// <summary>A layer of so many units.</summary>
    /// <param name="units">Size of the output, at least 1.</param>
    /// <param name="activation">φ; <see cref="Activation.Linear"/> by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one unit.</exception>
    public Dense(int units, Activation activation = Activation.Linear)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(units, 1);
        Units = units;
        Activation = activation;
    }

    /// <summary>Size of the output.</summary>
    public int Units { get; }

    /// <summary>φ.</summary>
    public Activation Activation { get; }

    /// <summary>Whether there is a b. True by default.</summary>
    public bool UseBias { get; init; } = true;

    /// <summary>First values of W; <see cref="Initializer.GlorotUniform"/> by default.</summary>
    public Initializer KernelInitializer { get; init; } = Initializer.GlorotUniform;

    /// <inheritdoc/>
    public override string Kind => "dense";

    internal override Activation OutputActivation => Activation;

    /// <inheritdoc/>
    protected override Tensor Forward(Pass pass, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        Tensor bias = _bias is null ? default : pass.Use(_bias);
        return pass.Activate(pass.Linear(input, pass.Use(_kernel), bias, _packed), Activation);
    }

    /// <inheritdoc/>
    protected override void CheckInput(Shape input)
    {
        if (input.Rank < 2 || input[^1] == 0)
        {
            ThrowShape("[batch, features] or [batch, time, features]", input);
        }
    }

    /// <inheritdoc/>
    protected override void Build(Shape input)
    {
        _kernel = AddParameter("kernel", new Shape(input[^1], Units), KernelInitializer);
        _bias = UseBias ? AddParameter("bias", new Shape(Units), Initializer.Zeros) : null;
    }

    private protected override Shape Plan(Shape input, WeightPlan weights)
    {
        weights.Add(this, "kernel", input[^1], Units);
        if (UseBias)
        {
            weights.Add(this, "bias", Units);
        }
        return input.WithLast(Units);
    }

    internal override void WriteOptions(Utf8JsonWriter json)
    {
        json.WriteNumber("units", Units);
        json.WriteString("activation", ActivationLayer.NameOf(Activation));
        json.WriteBoolean("useBias", UseBias);
    }
}
