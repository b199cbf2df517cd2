namespace Engram;

/// <summary>
/// A place in a <see cref="Graph"/>: an input, or what a layer makes of other nodes. Nodes hold no numbers; they say how layers hang together.
/// </summary>
public sealed class Node
{
    private Node(Layer? layer, IReadOnlyList<Node> inputs, Shape inputShape) => (Layer, Inputs, InputShape) = (layer, inputs, inputShape);

    /// <summary>The layer whose result this is; null for an input of the graph.</summary>
    public Layer? Layer { get; }

    /// <summary>What the layer is applied to; none for an input of the graph.</summary>
    public IReadOnlyList<Node> Inputs { get; }

    /// <summary>Shape of a sample of an input.</summary>
    internal Shape InputShape { get; }

    /// <summary>An input of a graph.</summary>
    /// <param name="sizes">
    /// Shape of one sample, without the batch: [time, features] for sequences, [time] for the ids of an <see cref="Embedding"/>,
    /// [features] for what has no time. The number of steps is that which the weights are made with; other sequences may be longer or
    /// shorter. All other sizes are those that data must have.
    /// </param>
    /// <exception cref="ArgumentException">There is no size, or one below 1.</exception>
    public static Node Input(params ReadOnlySpan<int> sizes)
    {
        if (sizes.Length is 0 or >= Shape.MaxRank || sizes.ToArray().Any(size => size < 1))
        {
            throw new ArgumentException($"An input has one to {Shape.MaxRank - 1} sizes, each at least 1: the shape of a sample, without the batch.", nameof(sizes));
        }
        return new Node(null, [], new Shape(sizes));
    }

    /// <summary>The node of a layer that is applied to others.</summary>
    internal static Node Of(Layer layer, ReadOnlySpan<Node> inputs)
    {
        ArgumentNullException.ThrowIfNull(layer);
        foreach (Node input in inputs)
        {
            ArgumentNullException.ThrowIfNull(input);
        }
        if (inputs.IsEmpty || (inputs.Length > 1 && layer is not MergeLayer))
        {
            throw new ArgumentException(
                $"A layer of kind {layer.Kind} takes {(layer is MergeLayer ? "at least one input" : "one input")}, not {inputs.Length}. Concatenate or Add several first.",
                nameof(inputs));
        }
        return new Node(layer, inputs.ToArray(), default);
    }
}

/// <summary>Puts layers together into graphs.</summary>
public static class NodeExtensions
{
    /// <summary>
    /// The node that is this layer applied to others: one, or several for a <see cref="MergeLayer"/>. A layer that is applied more than
    /// once shares its weights.
    /// </summary>
    /// <param name="layer">The layer.</param>
    /// <param name="inputs">What it is applied to.</param>
    /// <exception cref="ArgumentException">The layer takes another number of inputs.</exception>
    public static Node Of(this Layer layer, params ReadOnlySpan<Node> inputs) => Node.Of(layer, inputs);
}
