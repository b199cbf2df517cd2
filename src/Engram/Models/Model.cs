using Engram.Layers;
using Engram.Training;

namespace Engram;

/// <summary>
/// Layers, put together by <see cref="Forward"/>, and their training. <see cref="Sequential"/> covers a chain of layers; derive
/// from this class for anything else: register the layers with <see cref="Track{TLayer}"/> and compose them, and the operations of
/// <see cref="Operations"/>, in ordinary C#, loops and conditions included.
/// <para>
/// <see cref="Predict(Tensor, int, bool)"/> and inference by <c>Run</c> are safe from many threads at once. Training changes the weights: nothing
/// else may use the model meanwhile.
/// </para>
/// </summary>
public abstract partial class Model
{
    private readonly List<Layer> _layers = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _ofKind = new(StringComparer.Ordinal);
    private readonly Lock _buildLock = new();
    private List<Parameter>? _parameters;
    private Device? _device;
    private long _runs;

    /// <summary>Layers, in the order in which they were registered.</summary>
    public IReadOnlyList<Layer> Layers => _layers;

    /// <summary>What the model computes on; <see cref="Device.Default"/> where nothing else is set. Fixed once the model is built.</summary>
    public Device Device
    {
        get => _device ??= Device.Default;
        init => _device = value;
    }

    /// <summary>Whether the weights have been made.</summary>
    public bool IsBuilt => _parameters is not null;

    /// <summary>Shape of one sample as the model first met it, without the batch; null before.</summary>
    public Shape? InputShape { get; private set; }

    /// <summary>Shape of the output for one sample, without the batch; null before the model is built.</summary>
    public Shape? OutputShape { get; private set; }

    /// <summary>All weights, layer by layer.</summary>
    /// <exception cref="InvalidOperationException">The model has not met an input yet.</exception>
    public IReadOnlyList<Parameter> Parameters => _parameters ?? throw new InvalidOperationException(
        "The model has no weights yet: they are made when it meets its first input. Call Build, Fit or Predict first.");

    /// <summary>Number of weights.</summary>
    public long ParameterCount => Parameters.Sum(parameter => parameter.Shape.Count);

    /// <summary>The optimizer that <see cref="Compile"/> set.</summary>
    public Optimizer? Optimizer { get; private set; }

    /// <summary>The loss that <see cref="Compile"/> set.</summary>
    public Loss? Loss { get; private set; }

    /// <summary>The metrics that <see cref="Compile"/> set.</summary>
    public IReadOnlyList<Metric> Metrics { get; private set; } = [];

    /// <summary>The model's computation.</summary>
    /// <param name="pass">The pass that owns the results.</param>
    /// <param name="input">A batch, batch first.</param>
    public abstract Tensor Forward(Pass pass, Tensor input);

    /// <summary>The layer that each output comes from, null where it comes from none; empty where the model's computation is code.</summary>
    private protected virtual IReadOnlyList<Layer?> OutputLayers => [];

    /// <summary>Sets how <see cref="Fit(Tensor, Tensor, FitOptions?)"/> trains.</summary>
    /// <param name="optimizer">
    /// What changes the weights. It may be that of another model: where <c>Fit</c> begins with this one it forgets the other and starts anew, see <see cref="Optimizer"/>.
    /// </param>
    /// <param name="loss">What is made small.</param>
    /// <param name="metrics">
    /// What is measured beside it: by <c>Fit</c> on the validation data, by <c>Evaluate</c> on the data given. Of the training data
    /// <c>Fit</c> knows the loss alone. Results go by name, so that no two may have one name.
    /// </param>
    /// <exception cref="ArgumentException">
    /// Two metrics have one name, or one is named <c>loss</c>; the loss takes logits, but the last layer's sigmoid or softmax makes probabilities.
    /// </exception>
    public void Compile(Optimizer optimizer, Loss loss, params IReadOnlyList<Metric> metrics)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(metrics);
        var names = new HashSet<string> { "loss" };
        foreach (Metric metric in metrics)
        {
            if (!names.Add(metric.Name))
            {
                throw new ArgumentException(
                    $"Results go by name, and there is another «{metric.Name}» already. Measure one of them at a time: Compile, Evaluate, then Compile with the other.", nameof(metrics));
            }
        }
        if (loss.Misfit(OutputLayers) is { } misfit)
        {
            throw new ArgumentException(misfit, nameof(loss));
        }
        (Optimizer, Loss, Metrics) = (optimizer, loss, metrics);
    }

    /// <summary>Makes the weights, by a run over one sample of zeros. Does nothing where they exist already.</summary>
    /// <param name="inputShape">Shape of one sample, without the batch: [time, features].</param>
    /// <param name="seed">Where the first weights are drawn from.</param>
    public void Build(Shape inputShape, long seed = 0) => Build([inputShape], seed);

    /// <summary>The same for a model with any number of inputs.</summary>
    private protected void Build(Shape[] inputs, long seed)
    {
        lock (_buildLock)
        {
            if (_parameters is not null)
            {
                return;
            }
            Pass pass = Device.Passes.Open(
                training: false, recordsGradients: false, new RandomStream(seed), new RandomStream(seed).Derive("initial weights"));
            try
            {
                OutputShape = ForwardZeros(pass, inputs);
                RequireEmbeddings();
            }
            catch
            {
                // Half a model would keep the sizes, and the weights, of an input that did not fit.
                foreach (Layer layer in _layers)
                {
                    layer.Unbuild();
                }
                throw;
            }
            finally
            {
                pass.Close();
            }
            InputShape = inputs[0];
            _parameters = [.. _layers.SelectMany(layer => layer.Parameters)];
        }
    }

    /// <summary>Makes a new model's weights for the shapes of a plan, without a run, of values that exist.</summary>
    /// <param name="plan">What the model was found to need.</param>
    /// <param name="fill">Sets the values of a weight array.</param>
    internal virtual void BuildPlanned(WeightPlan plan, Action<Parameter> fill)
    {
        RequireEmbeddings();
        foreach ((Layer layer, Shape taken, Shape made) in plan.Layers)
        {
            layer.BuildPlanned(Device.Backend, taken, made, fill);
        }
        (InputShape, OutputShape) = (plan.Places[0], plan.Places[OutputPlace(plan.Places.Count)]);
        _parameters = [.. _layers.SelectMany(layer => layer.Parameters)];
    }

    /// <summary>Which of so many places is the first output.</summary>
    private protected virtual int OutputPlace(int places) => places - 1;

    private void RequireEmbeddings()
    {
        foreach (TiedDense tied in _layers.OfType<TiedDense>())
        {
            tied.RequireEmbeddingAmong(_layers);
        }
    }

    /// <summary>
    /// What the model consists of: a table by <c>ToString()</c>, a picture by <c>ToSvg()</c>. Shapes and numbers of weights are known once the model is built.
    /// </summary>
    public ModelSummary Summary() => new(SummaryRows(), _parameters);

    /// <summary>The lines of the summary; of a model whose computation is code, its layers without what connects them.</summary>
    private protected virtual IReadOnlyList<SummaryRow> SummaryRows() => [.. _layers.Select(layer => Row(layer, layer.Name, layer.OutputShape, []))];

    private protected static SummaryRow Row(Layer layer, string name, Shape? outputShape, IReadOnlyList<string> connectedTo) =>
        new(name, layer.Kind, outputShape, layer.Parameters.Sum(parameter => parameter.Shape.Count), connectedTo);

    /// <summary>Runs over one sample of zeros of each input.</summary>
    /// <returns>Shape of the first output for one sample.</returns>
    private protected virtual Shape ForwardZeros(Pass pass, Shape[] inputs)
    {
        Tensor output = Forward(pass, Zeros(pass, inputs[0]));
        return output.Shape.Rank == 0 ? output.Shape : output.Shape.WithoutFirst();
    }

    private protected static Tensor Zeros(Pass pass, Shape sample) => pass.Input(new float[sample.Count], sample.Prepend(1));

    /// <summary>Why <see cref="Stream"/> cannot serve the model, whatever its layers; null where it can.</summary>
    private protected virtual string? StreamingObstacle => null;

    /// <summary>Runs the model over sequences that come in step by step, with its state carried along.</summary>
    /// <param name="batch">Sequences that run side by side, at least 1.</param>
    /// <param name="weights">
    /// How the weights W and U of recurrent layers are stored. With <see cref="WeightPrecision.BFloat16"/> a step of a wide layer takes down to half the time, and gives, to
    /// the bit, what a model of weights so rounded gives; a layer that meets a masked step goes on with the weights as they are until <see cref="ModelStream.Reset"/>, and one
    /// whose states the model itself takes uses them so always.
    /// </param>
    /// <exception cref="InvalidOperationException">
    /// The model has no weights yet, takes no sequences, or has a layer that needs whole sequences.
    /// </exception>
    public ModelStream Stream(int batch = 1, WeightPrecision weights = WeightPrecision.Full)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        if (_parameters is null || !(InputShape is { Rank: >= 2 } || (InputShape is { Rank: 1 } && _layers.Any(layer => layer is Embedding))))
        {
            throw new InvalidOperationException("Only a built model that takes sequences can be streamed. Call Build([time, features]), Fit or Predict first.");
        }
        if (StreamingObstacle is { } whole)
        {
            throw new InvalidOperationException($"This model cannot take a sequence step by step: {whole}.");
        }
        RequireStepByStep();
        return new ModelStream(this, batch, weights);
    }

    /// <summary>Whether a layer of the model needs as many steps as there are, so that none may be cut off behind the longest sample of a batch.</summary>
    internal bool NeedsAllSteps => _layers.Exists(layer => layer.NeedsAllSteps);

    /// <summary>Throws where a layer of the model needs whole sequences.</summary>
    internal void RequireStepByStep()
    {
        foreach (Layer layer in _layers)
        {
            if (layer.StreamingObstacle is { } obstacle)
            {
                throw new InvalidOperationException($"Layer {layer.Name} ({layer.Kind}) cannot take a sequence step by step: {obstacle}. Run the model over whole sequences instead.");
            }
        }
    }

    /// <summary>Runs code of the user's in a pass of this model; tensors made inside are gone afterwards.</summary>
    /// <param name="body">What to do with the pass.</param>
    /// <param name="training">
    /// Whether dropout is active and gradients are recorded. Every run of a model then drops other units, the n-th run of any model the same.
    /// </param>
    /// <returns>What the body returns: numbers, not tensors of the pass.</returns>
    public TResult Run<TResult>(Func<Pass, TResult> body, bool training = false)
    {
        ArgumentNullException.ThrowIfNull(body);
        return Run(body, training, NextRun());
    }

    /// <summary>The same for a tensor, which is copied out of the pass.</summary>
    /// <inheritdoc cref="Run{TResult}(Func{Pass, TResult}, bool)"/>
    public Tensor Run(Func<Pass, Tensor> body, bool training = false) => Run(body, training, NextRun());

    /// <summary>The same for a tensor, which is copied out of the pass, with a random stream for dropout.</summary>
    /// <inheritdoc cref="Run{TResult}(Func{Pass, TResult}, bool)"/>
    public Tensor Run(Func<Pass, Tensor> body, bool training, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(body);
        (float[] values, Shape shape) = Run(
            pass =>
            {
                Tensor result = body(pass);
                return (result.ToArray(), result.Shape);
            },
            training, random);
        return Tensor.Wrap(values, shape);
    }

    /// <summary>The same with a random stream for dropout.</summary>
    /// <inheritdoc cref="Run{TResult}(Func{Pass, TResult}, bool)"/>
    public TResult Run<TResult>(Func<Pass, TResult> body, bool training, RandomStream random)
    {
        ArgumentNullException.ThrowIfNull(body);
        Pass pass = OpenPass(training, random);
        try
        {
            return body(pass);
        }
        finally
        {
            pass.Close();
        }
    }

    /// <summary>Registers a layer of a custom model, which names it and makes its weights part of the model.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="name">Its name; by default its kind, numbered from the second on.</param>
    /// <returns>The layer.</returns>
    /// <exception cref="ArgumentException">
    /// The layer stands in another model, in another layer or under another name already, or has weights; the name is empty, or another layer's.
    /// </exception>
    protected TLayer Track<TLayer>(TLayer layer, string? name = null)
        where TLayer : Layer
    {
        ArgumentNullException.ThrowIfNull(layer);
        if (_layers.Contains(layer) && (name is null || name == layer.Name))
        {
            return layer;
        }
        RequireFree(layer, nameof(layer));
        name ??= FreeName(layer.Kind);
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        if (!_names.Add(name))
        {
            throw new ArgumentException($"The model has a layer named {name} already.", nameof(name));
        }
        layer.EnterModel(name);
        _layers.Add(layer);
        return layer;
    }

    /// <summary>The kind, or the kind and the first number that no layer has.</summary>
    private string FreeName(string kind)
    {
        int number = _ofKind.GetValueOrDefault(kind);
        string name;
        do
        {
            name = number == 0 ? kind : $"{kind}_{number}";
            number++;
        }
        while (_names.Contains(name));
        _ofKind[kind] = number;
        return name;
    }

    /// <summary>Registers layers: all of them, or none where one is refused.</summary>
    private protected void TrackAll(IReadOnlyList<Layer> layers, string parameter)
    {
        var seen = new HashSet<Layer>(ReferenceEqualityComparer.Instance);
        foreach (Layer layer in layers)
        {
            ArgumentNullException.ThrowIfNull(layer, parameter);
            RequireFree(layer, parameter);
            if (!seen.Add(layer))
            {
                throw new ArgumentException($"A layer of kind {layer.Kind} stands here twice. Make another one; layers are shared in a Graph.", parameter);
            }
        }
        foreach (Layer layer in layers)
        {
            Track(layer);
        }
    }

    /// <summary>A layer of two models would be named and trained by both.</summary>
    private static void RequireFree(Layer layer, string parameter)
    {
        if (layer.SelfAndParts.FirstOrDefault(part => part.IsTracked || part.IsBuilt) is { } taken)
        {
            throw new ArgumentException(
                $"The layer {(taken.Name.Length > 0 ? taken.Name + " " : "")}({taken.Kind}) {(taken.IsTracked ? "stands in a model" : "has weights")} already. Make another one.",
                parameter);
        }
    }

    private RandomStream NextRun() => new RandomStream(0).Derive("run").Derive(Interlocked.Increment(ref _runs));

    /// <summary>Opens a pass; the caller closes it.</summary>
    internal Pass OpenPass(bool training, RandomStream random) =>
        Device.Passes.Open(training, recordsGradients: training, random, parameters: _parameters);
}
