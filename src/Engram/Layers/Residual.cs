using System.Text.Json;
using Engram.Layers;

namespace Engram;

/// <summary>
/// A layer with a way around it, <c>y = x + layer(x)</c>, by which gradients reach lower layers of a deep stack undiminished (He et al. 2016;
/// between recurrent layers Wu et al. 2016). The layer must put out the shape it takes: a recurrent one as many outputs as features, and all
/// of its sequence.
/// </summary>
public sealed class Residual : Layer
{
    /// <summary>A way around a layer.</summary>
    /// <param name="layer">The layer.</param>
    /// <exception cref="ArgumentException">The layer stands in a model already.</exception>
    public Residual(Layer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (layer.Name.Length > 0 || layer.IsBuilt)
        {
            throw new ArgumentException("The layer stands in a model already. Give a new one.", nameof(layer));
        }
        Inner = layer;
    }

    /// <summary>The layer.</summary>
    public Layer Inner { get; }

    /// <inheritdoc/>
    public override string Kind => "residual";

    private protected override IReadOnlyList<(string Role, Layer Layer)> Parts => [("inner", Inner)];

    /// <inheritdoc/>
    protected internal override string? StreamingObstacle => Inner.StreamingObstacle;

    /// <inheritdoc/>
    protected override Tensor Forward(Pass pass, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        Tensor output = Inner.Apply(pass, input);
        RequireSame(input.Shape, output.Shape);
        return pass.Add(input, output);
    }

    private protected override Shape Plan(Shape input, WeightPlan weights)
    {
        Shape output = Inner.PlanFor(input, weights);
        RequireSame(input.Prepend(1), output.Prepend(1));
        return output;
    }

    internal override void WriteOptions(Utf8JsonWriter json) => WritePart(json, "layer", Inner);

    private void RequireSame(Shape input, Shape output)
    {
        if (output != input)
        {
            ThrowShape($"an inner layer that puts out {input}, as it takes", output);
        }
    }
}
