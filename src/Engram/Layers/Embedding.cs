using System.Text.Json;
using Engram.Layers;

namespace Engram;

/// <summary>
/// A vector of its own for each of so many ids: [batch, time] of ids to [batch, time, size]. An id is a whole number
/// 0 … <see cref="Vocabulary"/> − 1, given as a float. Weights: <c>embeddings</c> [vocabulary, size]. A <see cref="TiedDense"/> uses them
/// again as an output layer.
/// </summary>
/// <remarks>
/// The gradient is written at the rows of the batch's ids alone, and only those are cleared before the next step; optimizers see an
/// array like any other, so that every one of them, Adam's momentum included, does exactly what its equations say.
/// </remarks>
public sealed class Embedding : Layer
{
    /// <summary>Floats hold every whole number up to here.</summary>
    private const int MostIds = 1 << 24;

    private Parameter _embeddings = null!;

    /// <summary>A layer for so many ids.</summary>
    /// <param name="vocabulary">Number of ids, 1 … 16,777,216.</param>
    /// <param name="size">Size of the vectors, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is outside its range.</exception>
    public Embedding(int vocabulary, int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vocabulary, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(vocabulary, MostIds);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        (Vocabulary, Size) = (vocabulary, size);
    }

    /// <summary>Number of ids.</summary>
    public int Vocabulary { get; }

    /// <summary>Size of the vectors.</summary>
    public int Size { get; }

    /// <summary>
    /// Whether id 0 stands for padding: its steps are masked from here on, and give zeros. False by default.
    /// </summary>
    public bool MaskZero { get; init; }

    /// <summary>
    /// Share of the ids that are dropped while training, in [0, 1): in a sequence all places of such an id get zeros, and those of the others vectors divided by
    /// 1 − rate (embedding dropout, Gal &amp; Ghahramani 2016, Merity et al. 2018). Every sequence draws for itself. 0 by default.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is outside [0, 1).</exception>
    public double Dropout
    {
        get;
        init => field = value >= 0 && value < 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A dropout rate is at least 0 and below 1.");
    }

    /// <summary>First values of the vectors; uniform in ±0.05 by default, as in Keras.</summary>
    public Initializer EmbeddingsInitializer { get; init; } = Initializer.Uniform(0.05f);

    /// <inheritdoc/>
    public override string Kind => "embedding";

    /// <summary>The vectors.</summary>
    internal Parameter Embeddings => _embeddings;

    private string? _describedName; // for messages, made once: a stream allocates nothing

    // The last dimension of ids is time.
    private protected override bool KeepsLastSize => false;

    /// <inheritdoc/>
    protected override Tensor Forward(Pass pass, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        double rate = pass.IsTraining ? Dropout : 0;
        Tensor y = pass.Embed(input, pass.Use(_embeddings), MaskZero, _describedName ??= $"Layer {DisplayName} ({Kind})", rate, rate > 0 ? pass.DropoutStream(DisplayName) : default);
        return rate > 0 ? pass.Scale(y, 1 / (1 - rate)) : y;
    }

    /// <inheritdoc/>
    protected override void CheckInput(Shape input)
    {
        if (input.Rank != 2 || input[1] == 0)
        {
            ThrowShape("ids [batch, time] of at least one time step", input);
        }
    }

    /// <inheritdoc/>
    protected override void Build(Shape input) => _embeddings = AddParameter("embeddings", new Shape(Vocabulary, Size), EmbeddingsInitializer);

    private protected override Shape Plan(Shape input, WeightPlan weights)
    {
        weights.Add(this, "embeddings", Vocabulary, Size);
        return new Shape(input[0], Size);
    }

    internal override void WriteOptions(Utf8JsonWriter json)
    {
        json.WriteNumber("vocabulary", Vocabulary);
        json.WriteNumber("size", Size);
        json.WriteBoolean("maskZero", MaskZero);
        if (Dropout > 0)
        {
            json.WriteNumber("dropout", Dropout);
        }
    }
}
