using System.Text.Json;
using Engram.Layers;

namespace Engram;

/// <summary>
/// Layers applied to every step by itself: [batch, time, …] goes through them as [batch · time, …], and comes back with its time. What each step is made of
/// may so be a sequence again, as a word is of characters:
/// <code>
///   Node characters = Node.Input(60, 20);                                   // ids [time, characters], 0 behind the end of a word
///   Node words = new TimeDistributed(new Embedding(100, 25) { MaskZero = true }, new Bidirectional(new Lstm(25))).Of(characters);
/// </code>
/// Weights are named after both, <c>time-distributed.embedding.embeddings</c>; layers of one kind are numbered from the second on.
/// </summary>
/// <remarks>
/// Two masks meet here. The one of the input tells which steps are real; it stays, and of steps that are not real nothing inside is real either. The one inside, of
/// characters, is made there, by an <see cref="Embedding"/> with <see cref="Embedding.MaskZero"/>.
/// </remarks>
public sealed class TimeDistributed : Layer
{
    private readonly IReadOnlyList<(string Role, Layer Layer)> _parts;
    private readonly Layer[] _inner;

    /// <summary>Layers, one behind the other, for every step by itself.</summary>
    /// <param name="layers">The layers, at least one.</param>
    /// <exception cref="ArgumentException">There are none, or one stands in a model already, has weights, or stands here twice.</exception>
    public TimeDistributed(params IReadOnlyList<Layer> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0)
        {
            throw new ArgumentException("There is not one layer to apply to every step.", nameof(layers));
        }
        var kinds = new Dictionary<string, int>(StringComparer.Ordinal);
        var parts = new List<(string, Layer)>();
        foreach (Layer layer in layers)
        {
            ArgumentNullException.ThrowIfNull(layer, nameof(layers));
            if (layer is TiedDense)
            {
                throw new ArgumentException("A TiedDense shares the vectors of another layer of the model and cannot stand inside one. Let it stand in the model itself.", nameof(layers));
            }
            if (layer.Name.Length > 0 || layer.IsBuilt || parts.Any(part => part.Item2 == layer))
            {
                throw new ArgumentException($"The layer of kind {layer.Kind} stands in a model already, or here twice. Give a new one.", nameof(layers));
            }
            int count = kinds[layer.Kind] = kinds.GetValueOrDefault(layer.Kind) + 1;
            parts.Add((count == 1 ? layer.Kind : FormattableString.Invariant($"{layer.Kind}_{count - 1}"), layer));
        }
        _parts = parts;
        _inner = [.. layers];
    }

    /// <summary>The layers, in their order.</summary>
    public IReadOnlyList<Layer> Inner => _inner;

    /// <inheritdoc/>
    public override string Kind => "time-distributed";

    /// <inheritdoc/>
    protected internal override string? StreamingObstacle =>
        _inner.SelectMany(layer => layer.SelfAndParts).OfType<RecurrentLayer>().FirstOrDefault() is { } recurrent
            ? $"the {recurrent.Kind} inside it carries a state from step to step, which here begins anew at each" : null;

    /// <summary>Layers inside have the axes of a step, not the time axis.</summary>
    internal override bool NeedsAllSteps => false;

    private protected override IReadOnlyList<(string Role, Layer Layer)> Parts => _parts;

    internal override Activation OutputActivation => _inner[^1].OutputActivation;

    /// <inheritdoc/>
    protected override Tensor Forward(Pass pass, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        Shape shape = input.Shape;
        int rows = checked(shape[0] * shape[1]);
        Tensor y = pass.Reshape(input, shape.WithoutFirst().WithoutFirst().Prepend(rows));
        if (input.Mask is { } mask && (y.Shape.Rank > 2 || _inner[0] is Embedding))
        {
            y = pass.Masked(y, Inside(pass, mask, y.Shape[1]));
        }
        foreach (Layer layer in _inner)
        {
            y = layer.Apply(pass, y);
        }
        return pass.CarryMask(pass.Reshape(y, WithTime(y.Shape.WithoutFirst(), shape[1]).Prepend(shape[0])), input);
    }

    /// <inheritdoc/>
    protected override void CheckInput(Shape input)
    {
        if (input.Rank < 3)
        {
            ThrowShape("[batch, time, …] with one size or more for each step", input);
        }
        if (input.Count == 0)
        {
            ThrowShape("at least one sequence, at least one time step and no size of 0", input);
        }
    }

    private protected override Shape Plan(Shape input, WeightPlan weights)
    {
        Shape step = input.WithoutFirst();
        foreach (Layer layer in _inner)
        {
            step = layer.PlanFor(step, weights);
        }
        return WithTime(step, input[0]);
    }

    internal override void WriteOptions(Utf8JsonWriter json)
    {
        json.WriteStartArray("layers");
        foreach (Layer layer in _inner)
        {
            WritePart(json, layer);
        }
        json.WriteEndArray();
    }

    private Shape WithTime(Shape step, int steps)
    {
        if (step.Rank + 2 > Shape.MaxRank)
        {
            ThrowShape("layers that leave one or two sizes to each step", step);
        }
        return step.Prepend(steps);
    }

    /// <summary>The mask of [batch · time, steps inside]: all of a step that is real, nothing of one that is not.</summary>
    private static SequenceMask Inside(Pass pass, SequenceMask mask, int steps)
    {
        SequenceMask inside = pass.NewMask();
        Span<bool> real = inside.Begin(mask.Pattern.Length, steps);
        for (int row = 0; row < mask.Pattern.Length; row++)
        {
            real.Slice(row * steps, steps).Fill(mask.Pattern[row]);
        }
        inside.Complete();
        return inside;
    }
}
