namespace Engram;

/// <summary>
/// A chain of layers: each takes the output of the one before.
/// <code>
///   var model = new Sequential(new Lstm(64), new Dense(1));
///   model.Compile(new Adam(learningRate: 1e-3), Loss.MeanSquaredError);
///   History history = model.Fit(x, y, new FitOptions { Epochs = 100, BatchSize = 64 });
/// </code>
/// </summary>
public sealed class Sequential : Model
{
    /// <summary>A chain of the given layers, of which each may stand in one model only.</summary>
    /// <exception cref="ArgumentException">There are no layers, or one stands in a model already or here twice; none is then taken.</exception>
    public Sequential(params IReadOnlyList<Layer> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        if (layers.Count == 0)
        {
            throw new ArgumentException("A model has at least one layer.", nameof(layers));
        }
        TrackAll(layers, nameof(layers));
    }

    /// <inheritdoc/>
    public override Tensor Forward(Pass pass, Tensor input)
    {
        foreach (Layer layer in (List<Layer>)Layers)
        {
            input = layer.Apply(pass, input);
        }
        return input;
    }

    private protected override IReadOnlyList<Layer?> OutputLayers => [Layers[^1]];

    /// <inheritdoc/>
    private protected override bool OutputIsSpent =>
        Layers[^1] is (Dense or TiedDense) and { OutputActivation: Activation.Linear, ActivityRegularizer: null, TemporalRegularizer: null };

    /// <inheritdoc/>
    private protected override IReadOnlyList<SummaryRow> SummaryRows() =>
        [new("input", "input", InputShape, 0, []), .. Layers.Select((layer, i) => Row(layer, layer.Name, layer.OutputShape, [i == 0 ? "input" : Layers[i - 1].Name]))];

    /// <summary>Writes architecture and weights to one file; whole or not at all.</summary>
    /// <param name="path">A <c>.safetensors</c> file.</param>
    /// <exception cref="Files.FileWriteException">The file cannot be written.</exception>
    public void Save(string path) => Files.ModelFile.Write(path, this);

    /// <summary>Reads a model that <see cref="Save"/> wrote. Predictions are the same to the bit.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">What the model shall compute on; <see cref="Device.Default"/> where not given.</param>
    /// <exception cref="Files.ModelFileException">The file is missing, damaged or not a model of ours.</exception>
    public static Sequential Load(string path, Device? device = null) => Files.ModelFile.Read(path, device).Model;
}
