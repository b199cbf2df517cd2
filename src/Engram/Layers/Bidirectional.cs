using System.Text.Json;
using Engram.Layers;

namespace Engram;

/// <summary>How the outputs of two directions become one.</summary>
public enum BidirectionalMerge
{
    /// <summary>Side by side: twice as many outputs.</summary>
    Concatenate,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>Their mean.</summary>
    Mean,
}

/// <summary>
/// A recurrent layer that reads the sequence in both directions (Schuster &amp; Paliwal 1997): one copy of it forwards, another, with weights
/// of its own, backwards. With sequences returned, outputs stand at the steps they belong to; else they are the two last hidden states, that
/// of the backward copy being the one at the sequence's first step. It needs whole sequences, so it cannot be streamed.
/// </summary>
public sealed class Bidirectional : Layer
{
    /// <summary>Both directions of a layer.</summary>
    /// <param name="layer">The layer; it becomes the forward copy.</param>
    /// <param name="merge">How outputs become one; <see cref="BidirectionalMerge.Concatenate"/> by default.</param>
    /// <exception cref="ArgumentException">The layer stands in a model already, or goes backwards itself.</exception>
    public Bidirectional(RecurrentLayer layer, BidirectionalMerge merge = BidirectionalMerge.Concatenate)
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (layer.Name.Length > 0 || layer.IsBuilt || layer.GoBackwards)
        {
            throw new ArgumentException("Give a new layer that goes forwards: its copy for the other direction is made here.", nameof(layer));
        }
        if (!Enum.IsDefined(merge))
        {
            throw new ArgumentOutOfRangeException(nameof(merge), merge, "There is no such way to merge.");
        }
        (Forwards, Backwards, Merge) = (layer, layer.Mirrored(), merge);
    }

    /// <summary>The copy that reads forwards.</summary>
    public RecurrentLayer Forwards { get; }

    /// <summary>The copy that reads backwards.</summary>
    public RecurrentLayer Backwards { get; }

    /// <summary>How outputs become one.</summary>
    public BidirectionalMerge Merge { get; }

    /// <inheritdoc/>
    public override string Kind => "bidirectional";

    private protected override IReadOnlyList<(string Role, Layer Layer)> Parts => [("forwards", Forwards), ("backwards", Backwards)];

    /// <inheritdoc/>
    protected override Tensor Forward(Pass pass, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        Tensor forwards = Forwards.Apply(pass, input), backwards = Backwards.Apply(pass, input);
        return Merge switch
        {
            BidirectionalMerge.Concatenate => pass.Concatenate(forwards, backwards),
            BidirectionalMerge.Sum => pass.Add(forwards, backwards),
            _ => pass.Scale(pass.Add(forwards, backwards), 0.5),
        };
    }

    private protected override Shape Plan(Shape input, WeightPlan weights)
    {
        Shape output = Forwards.PlanFor(input, weights);
        Backwards.PlanFor(input, weights);
        return Merge == BidirectionalMerge.Concatenate ? output.WithLast(2 * output[^1]) : output;
    }

    /// <inheritdoc/>
    protected internal override string? StreamingObstacle => "it reads sequences from their end too";

    internal override void WriteOptions(Utf8JsonWriter json)
    {
        json.WriteString("merge", Merge.ToString());
        WritePart(json, "layer", Forwards);
    }
}
