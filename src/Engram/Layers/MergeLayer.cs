using Engram.Layers;

namespace Engram;

/// <summary>A layer that takes several inputs, in a <see cref="Graph"/> or a custom model.</summary>
public abstract class MergeLayer : Layer
{
    private protected MergeLayer()
    {
    }

    /// <summary>Applies the layer.</summary>
    /// <param name="pass">The pass that owns the result.</param>
    /// <param name="inputs">The inputs, batch first; at least one.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    /// <exception cref="ShapeException">The inputs do not fit together.</exception>
    public Tensor Apply(Pass pass, params ReadOnlySpan<Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(pass);
        if (inputs.IsEmpty)
        {
            throw new ArgumentException($"Layer {DisplayName} ({Kind}) needs at least one input.", nameof(inputs));
        }
        EnsureBuilt(pass, inputs[0].Shape);
        foreach (Tensor input in inputs)
        {
            RequireFit(inputs[0].Shape, input.Shape);
        }
        return Finish(pass, Merge(pass, inputs));
    }

    /// <summary>The layer's computation.</summary>
    private protected abstract Tensor Merge(Pass pass, ReadOnlySpan<Tensor> inputs);

    /// <summary>Throws by <see cref="Layer.ThrowShape"/> where an input does not fit the first.</summary>
    private protected abstract void RequireFit(Shape first, Shape input);

    /// <summary>Shape of the output for one sample, for inputs that fit.</summary>
    private protected abstract Shape Merged(ReadOnlySpan<Shape> inputs);

    /// <inheritdoc/>
    protected override Tensor Forward(Pass pass, Tensor input) => Merge(pass, [input]);

    internal override Shape PlanFor(ReadOnlySpan<Shape> inputs, WeightPlan weights)
    {
        foreach (Shape input in inputs)
        {
            RequireFit(inputs[0].Prepend(1), input.Prepend(1));
        }
        return weights.Note(this, inputs[0], Merged(inputs));
    }
}
