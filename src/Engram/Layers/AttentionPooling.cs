using System.Text.Json;
using Engram.Layers;

namespace Engram;

/// <summary>
/// The mean over the real steps, weighted by what the layer attends to: [batch, time, features] to [batch, features]
/// <code>
///   additive (Bahdanau et al. 2015)       s_t = v · tanh(W x_t + b)
///   dot product (Luong et al. 2015)       s_t = q · x_t / √features
///   y = Σ_t α_t x_t,   α = softmax of s over the real steps
/// </code>
/// A sequence without real steps gives zeros. Weights: <c>kernel</c> W [features, units], <c>bias</c> b [units] and <c>query</c> v [units];
/// with the dot product <c>query</c> q [features] alone.
/// </summary>
public sealed class AttentionPooling : Layer
{
    private readonly PackedCache _packedKernel = new(), _packedQuery = new();
    private Parameter? _kernel, _bias;
    private Parameter _query = null!;

    private AttentionPooling(int units) => Units = units;

    /// <summary>Size of the hidden layer that additive scores come from; 0 with the dot product.</summary>
    public int Units { get; }

    /// <inheritdoc/>
    public override string Kind => "attention-pooling";

    /// <summary>Additive attention.</summary>
    /// <param name="units">Size of the hidden layer, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one unit.</exception>
    public static AttentionPooling Additive(int units)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(units, 1);
        return new AttentionPooling(units);
    }

    /// <summary>Attention by dot product with a learned query.</summary>
    public static AttentionPooling DotProduct() => new(0);

    /// <inheritdoc/>
    protected override Tensor Forward(Pass pass, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        Tensor scores = _kernel is null
            ? pass.Scale(pass.Linear(input, pass.Use(_query), default, _packedQuery), 1 / Math.Sqrt(input.Shape[2]))
            : pass.Linear(pass.Tanh(pass.Linear(input, pass.Use(_kernel), pass.Use(_bias!), _packedKernel)), pass.Use(_query), default, _packedQuery);
        return pass.Attend(pass.Reshape(scores, new Shape(input.Shape[0], input.Shape[1])), input);
    }

    /// <inheritdoc/>
    protected override void CheckInput(Shape input) => RequireSequences(input);

    /// <inheritdoc/>
    protected override void Build(Shape input)
    {
        int hidden = input[2];
        if (Units > 0)
        {
            _kernel = AddParameter("kernel", new Shape(hidden, Units), Initializer.GlorotUniform);
            _bias = AddParameter("bias", new Shape(Units), Initializer.Zeros);
            hidden = Units;
        }
        _query = AddParameter("query", new Shape(hidden, 1), Initializer.GlorotUniform);
    }

    /// <inheritdoc/>
    protected internal override string? StreamingObstacle => "it weighs whole sequences";

    private protected override Shape Plan(Shape input, WeightPlan weights)
    {
        int hidden = input[1];
        if (Units > 0)
        {
            weights.Add(this, "kernel", hidden, Units);
            weights.Add(this, "bias", Units);
            weights.RequireSample(new Shape(input[0], Units), $"the hidden values of layer {DisplayName}");
            hidden = Units;
        }
        weights.Add(this, "query", hidden, 1);
        return new Shape(input[1]);
    }

    internal override void WriteOptions(Utf8JsonWriter json) => json.WriteNumber("units", Units);
}
