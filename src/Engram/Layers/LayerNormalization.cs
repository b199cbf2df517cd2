using System.Text.Json;
using Engram.Layers;

namespace Engram;

/// <summary>
/// Normalises over the last dimension (Ba et al. 2016): γ ⊙ (x − μ) / √(σ² + ε) + β, with mean μ and variance σ² of the very row.
/// Weights: <c>gamma</c> γ and <c>beta</c> β [features], ones and zeros at first.
/// </summary>
public sealed class LayerNormalization : Layer
{
    private Parameter _gamma = null!, _beta = null!;

    /// <summary>ε, above 0; 0.001 by default, as in Keras.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a number above 0.</exception>
    public double Epsilon
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(nameof(Epsilon), value, "ε is a number above 0.");
    } = 1e-3;

    /// <inheritdoc/>
    public override string Kind => "layer-normalization";

    /// <inheritdoc/>
    protected override Tensor Forward(Pass pass, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return pass.Normalize(input, pass.Use(_gamma), pass.Use(_beta), Epsilon);
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
        _gamma = AddParameter("gamma", new Shape(input[^1]), Initializer.Of(1));
        _beta = AddParameter("beta", new Shape(input[^1]), Initializer.Zeros);
    }

    private protected override Shape Plan(Shape input, WeightPlan weights)
    {
        weights.Add(this, "gamma", input[^1]);
        weights.Add(this, "beta", input[^1]);
        return input;
    }

    internal override void WriteOptions(Utf8JsonWriter json) => json.WriteNumber("epsilon", Epsilon);
}
