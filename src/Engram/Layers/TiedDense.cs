using System.Text.Json;
using Engram.Layers;

namespace Engram;

/// <summary>
/// An output layer over the ids of an <see cref="Embedding"/> that uses its vectors as weights, φ(x Eᵀ + b): [..., size] to
/// [..., vocabulary] (Press &amp; Wolf 2017). Weights of its own: <c>bias</c> b [vocabulary].
/// </summary>
public sealed class TiedDense : Layer
{
    private readonly PackedCache _packed = new();
    private Parameter? _bias;

    /// <summary>A layer that shares the vectors of an embedding, which must stand before it in the same model.</summary>
    /// <param name="embedding">The embedding.</param>
    /// <param name="activation">φ; <see cref="Activation.Linear"/> by default.</param>
    public TiedDense(Embedding embedding, Activation activation = Activation.Linear)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        (Embedding, Activation) = (embedding, activation);
    }

    /// <summary>The embedding whose vectors are the weights.</summary>
    public Embedding Embedding { get; }

    /// <summary>φ.</summary>
    public Activation Activation { get; }

    /// <summary>Whether there is a b. True by default.</summary>
    public bool UseBias { get; init; } = true;

    /// <inheritdoc/>
    public override string Kind => "tied-dense";

    internal override Activation OutputActivation => Activation;

    /// <inheritdoc/>
    protected override Tensor Forward(Pass pass, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        if (!Embedding.IsBuilt)
        {
            throw new InvalidOperationException(
                $"Layer {DisplayName} ({Kind}) shares the vectors of an embedding that has none yet. Let the embedding stand before it in the same model.");
        }
        Tensor bias = _bias is null ? default : pass.Use(_bias);
        return pass.Activate(pass.Linear(input, pass.Use(Embedding.Embeddings), bias, _packed, transposed: true), Activation);
    }

    /// <summary>Throws where the embedding is not among the layers of the model that this layer stands in: it would be neither trained nor saved with it.</summary>
    internal void RequireEmbeddingAmong(IReadOnlyList<Layer> layers)
    {
        if (!layers.Contains(Embedding))
        {
            throw new InvalidOperationException(
                $"Layer {DisplayName} ({Kind}) shares the vectors of an embedding that is no layer of this model. Let the embedding stand before it in the same model.");
        }
    }

    /// <inheritdoc/>
    protected override void CheckInput(Shape input)
    {
        if (input.Rank < 2 || input[^1] != Embedding.Size)
        {
            ThrowShape($"[..., {Embedding.Size}], the size of the vectors of {Embedding.Name}", input);
        }
    }

    /// <inheritdoc/>
    protected override void Build(Shape input) => _bias = UseBias ? AddParameter("bias", new Shape(Embedding.Vocabulary), Initializer.Zeros) : null;

    private protected override Shape Plan(Shape input, WeightPlan weights)
    {
        if (UseBias)
        {
            weights.Add(this, "bias", Embedding.Vocabulary);
        }
        return input.WithLast(Embedding.Vocabulary);
    }

    internal override void WriteOptions(Utf8JsonWriter json)
    {
        json.WriteString("embedding", Embedding.Name);
        json.WriteString("activation", ActivationLayer.NameOf(Activation));
        json.WriteBoolean("useBias", UseBias);
    }
}
