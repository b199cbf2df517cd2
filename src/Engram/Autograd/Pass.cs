using Engram.Autograd;
using Engram.Backends;

namespace Engram;

/// <summary>
/// One run through a model: it owns the tensors made on the way, knows whether this is training, carries the random stream for
/// dropout, and, where gradients are wanted, records every operation so that <see cref="Backward"/> can walk back. Opened by
/// <see cref="Model.Run{TResult}(Func{Pass, TResult}, bool)"/> and closed at its end; passes of several threads run side by side on the same weights.
/// One pass is for one thread.
/// </summary>
public sealed partial class Pass
{
    private readonly PassPool _pool;
    private readonly OpPool _ops = new();
    private readonly List<Op> _tape = [];
    private readonly List<TensorBody> _bodies = [];
    private readonly List<SequenceMask> _masks = [];
    private int _bodyCount;
    private int _maskCount;
    private int[] _sampleIndices = [];
    private int[] _rowIndices = [];
    private int _sampleCount;
    private int _draws;
    private IReadOnlyList<Parameter> _parameters = [];
    private (string Name, ProfileCategory Category) _operation;
    private bool _open;

    internal Pass(PassPool pool, IBackend backend)
    {
        _pool = pool;
        Backend = backend;
    }

    /// <summary>Whether the model is being trained: dropout is active then.</summary>
    public bool IsTraining { get; private set; }

    /// <summary>Whether operations are recorded for <see cref="Backward"/>.</summary>
    public bool RecordsGradients { get; private set; }

    /// <summary>The random stream of this pass: in <c>Fit</c> that of seed and epoch, otherwise the one given to <c>Run</c>.</summary>
    public RandomStream Random { get; private set; }

    internal IBackend Backend { get; }

    /// <summary>The states that recurrent layers start from and leave behind; null where they start from zero.</summary>
    internal CarriedStates? Carried { get; private set; }

    /// <summary>The stream that weights are drawn from where a layer meets its first input in this pass; null where that is an error.</summary>
    internal RandomStream? InitialWeights { get; private set; }

    /// <summary>What is added to the loss for weights, each of rank 0.</summary>
    internal List<Tensor> WeightPenalties { get; } = [];

    /// <summary>What is added to the loss for outputs of layers, each of rank 0.</summary>
    internal List<Tensor> ActivityPenalties { get; } = [];

    /// <summary>What layers have put out in training, in order; a layer that is made of others comes after them.</summary>
    internal List<(Layer Layer, Tensor Output)> LayerOutputs { get; } = [];

    /// <summary>Copies an array into the pass. A tensor that already belongs to the pass is returned as it is.</summary>
    /// <exception cref="InvalidOperationException">The tensor belongs to another pass.</exception>
    public Tensor Input(Tensor values)
    {
        TensorBody body = values.Body;
        if (body.Owner == this)
        {
            return values;
        }
        if (body.Host is null)
        {
            throw new InvalidOperationException($"The tensor made by «{body.Operation}» belongs to another pass. Copy it out with ToArray() first.");
        }
        return Input(body.Host, body.Shape);
    }

    /// <summary>Copies numbers, row-major, into a tensor of the pass.</summary>
    /// <exception cref="ShapeException">The number of values is not that of the shape.</exception>
    public Tensor Input(ReadOnlySpan<float> values, Shape shape)
    {
        if (values.Length != shape.Count)
        {
            throw new ShapeException($"{values.Length} values do not fill a tensor of shape {shape}, which has {shape.Count} elements.");
        }
        Tensor tensor = Create(shape, "input", needsGradient: false);
        using ProfileSpan span = Profile.Measure("input", ProfileCategory.Copying);
        Backend.Write(tensor.Body.Storage!, values);
        return tensor;
    }

    /// <summary>The value of a parameter as a tensor of this pass; a backward walk leaves its gradient in the parameter.</summary>
    public Tensor Use(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        for (int i = 0; i < _bodyCount; i++)
        {
            if (ReferenceEquals(_bodies[i].Parameter, parameter))
            {
                return new Tensor(_bodies[i]);
            }
        }
        TensorBody body = NewBody(parameter.Shape, parameter.Name, RecordsGradients && parameter.IsTrainable);
        body.Storage = parameter.Value;
        body.Gradient = body.NeedsGradient ? parameter.Gradient : null;
        body.Parameter = parameter;
        var tensor = new Tensor(body);
        if (parameter.Regularizer is { } regularizer && body.NeedsGradient)
        {
            WeightPenalties.Add(regularizer.OfWeights(this, tensor));
        }
        return tensor;
    }

    /// <summary>
    /// Indices, in the data, of the samples that so many rows are; dropout draws by them. Where a sample fills several rows, as after
    /// a reshape, these are numbered sample by sample; where there are no samples behind the rows, they are counted.
    /// </summary>
    internal ReadOnlySpan<int> SampleIndices(int rows)
    {
        if (_sampleCount == rows)
        {
            return _sampleIndices.AsSpan(0, rows);
        }
        if (_rowIndices.Length < rows)
        {
            _rowIndices = new int[rows];
        }
        int rowsPerSample = _sampleCount > 0 && rows % _sampleCount == 0 ? rows / _sampleCount : 0;
        for (int i = 0; i < rows; i++)
        {
            _rowIndices[i] = rowsPerSample == 0 ? i : unchecked(_sampleIndices[i / rowsPerSample] * rowsPerSample + i % rowsPerSample);
        }
        return _rowIndices.AsSpan(0, rows);
    }

    /// <summary>
    /// The stream that a layer's dropout draws from. A layer may be applied twice in a pass, and layers of two models may share a name:
    /// every application draws for itself.
    /// </summary>
    internal RandomStream DropoutStream(string layer) => Random.Derive("dropout").Derive(layer).Derive(_draws++);

    /// <summary>Where one of some rows stands in the data, for messages: its sample, and the step where samples have several rows.</summary>
    /// <param name="row">The row.</param>
    /// <param name="rows">All rows, sample by sample.</param>
    /// <param name="batch">The samples, where nobody has told which they are.</param>
    internal string PlaceOf(int row, int rows, int batch)
    {
        bool areKnown = _sampleCount > 0 && rows % _sampleCount == 0;
        int steps = rows / (areKnown ? _sampleCount : batch), sample = areKnown ? _sampleIndices[row / steps] : row / steps;
        return steps > 1 ? $"sample {sample}, step {row % steps}" : $"sample {sample}";
    }

    internal void SetSampleIndices(ReadOnlySpan<int> samples)
    {
        if (_sampleIndices.Length < samples.Length)
        {
            _sampleIndices = new int[samples.Length];
        }
        samples.CopyTo(_sampleIndices);
        _sampleCount = samples.Length;
    }

    /// <summary>Lets recurrent layers go on from states, which they replace by those at the end of this pass.</summary>
    internal void Carry(CarriedStates states)
    {
        states.BeginPass();
        Carried = states;
    }

    /// <summary>A tensor with memory of its own, contents undefined.</summary>
    /// <exception cref="ShapeException">It would have more elements than one tensor can.</exception>
    internal Tensor Create(Shape shape, string operation, bool needsGradient)
    {
        Storage.RequireRoom(shape, operation);
        TensorBody body = NewBody(shape, operation, needsGradient && RecordsGradients);
        body.Storage = Backend.Rent(shape.Count);
        body.OwnsStorage = true;
        return new Tensor(body);
    }

    /// <summary>A tensor over the memory of another, under another shape.</summary>
    internal Tensor View(Tensor source, Shape shape, string operation)
    {
        TensorBody body = NewBody(shape, operation, source.Body.NeedsGradient);
        body.Storage = source.Body.Storage;
        return new Tensor(body);
    }

    /// <summary>A mask to be filled in; it lives as long as the pass.</summary>
    internal SequenceMask NewMask()
    {
        if (_maskCount == _masks.Count)
        {
            _masks.Add(new SequenceMask());
        }
        return _masks[_maskCount++];
    }

    /// <summary>An operation begins: what a profile calls it, now and on the way back.</summary>
    internal ProfileSpan Measure(string operation, ProfileCategory category)
    {
        _operation = (operation, category);
        return Profile.Measure(operation, category);
    }

    /// <summary>An op to be filled in.</summary>
    internal TOp Take<TOp>()
        where TOp : Op, new()
    {
        TOp op = _ops.Take<TOp>();
        op.Span = _operation;
        _tape.Add(op);
        return op;
    }

    internal void Open(
        bool training, bool recordsGradients, RandomStream random, RandomStream? initialWeights, IReadOnlyList<Parameter> parameters)
    {
        _open = true;
        HasWalkedBack = false;
        _draws = 0;
        _parameters = parameters;
        IsTraining = training;
        RecordsGradients = recordsGradients;
        Random = random;
        InitialWeights = initialWeights;
    }

    /// <summary>Gives everything back; tensors of the pass are stale from here on.</summary>
    internal void Close()
    {
        foreach (Op op in _tape)
        {
            _ops.Return(op);
        }
        _tape.Clear();
        for (int i = 0; i < _bodyCount; i++)
        {
            TensorBody body = _bodies[i];
            if (body.OwnsStorage)
            {
                Backend.Return(body.Storage!);
            }
            if (body.Gradient is not null && body.Parameter is null)
            {
                Backend.Return(body.Gradient);
            }
            body.Generation++;
            body.Storage = body.Gradient = null;
            body.Parameter = null;
            body.Mask = null;
            body.Distinct = null;
            body.OwnsStorage = body.NeedsGradient = body.HasGradient = body.IsWatched = false;
        }
        for (int i = 0; i < _maskCount; i++)
        {
            _masks[i].Empty();
        }
        WeightPenalties.Clear();
        ActivityPenalties.Clear();
        LayerOutputs.Clear();
        _bodyCount = 0;
        _maskCount = 0;
        _sampleCount = 0;
        _parameters = [];
        Carried = null;
        _open = false;
        _pool.Return(this);
    }

    private TensorBody NewBody(Shape shape, string operation, bool needsGradient)
    {
        ObjectDisposedException.ThrowIf(!_open, this);
        if (_bodyCount == _bodies.Count)
        {
            _bodies.Add(new TensorBody { Owner = this });
        }
        TensorBody body = _bodies[_bodyCount++];
        body.Shape = shape;
        body.Operation = operation;
        body.NeedsGradient = needsGradient;
        return body;
    }
}
