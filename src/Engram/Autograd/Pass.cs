using Engram.Autograd;
using Engram.Backends;

namespace Engram;

/// <summary>
/// One run through a model: it owns the tensors made on the way, knows whether this is training, carries the random stream for
/// dropout, and, where gradients are wanted, records every operation so that <see cref="Backward"/> can walk back. Opened by
/// <see cref="Model.Run{TResult}(Func{Pass, TResult}, bool)"/> and closed at its end; passes of several threads run side by side on the same weights.
/// One pass is for one thread.
/// </summary>
public sealed class Pass
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

    /// <summary>Whether <see cref="Backward"/> has been called.</summary>
    internal bool HasWalkedBack { get; private set; }

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
    /// Walks back from a loss of one element and leaves its gradient in every trainable parameter that took part. The model's
    /// parameters that took no part have no gradient afterwards: what an earlier walk left in them is forgotten.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The pass records no gradients, has walked back already, or the loss depends on nothing that a gradient is wanted of.
    /// </exception>
    /// <exception cref="ShapeException">The loss has more than one element.</exception>
    public void Backward(Tensor loss)
    {
        TensorBody body = loss.Body;
        if (!RecordsGradients)
        {
            throw new InvalidOperationException("This pass records no gradients. Open it for training: model.Run(pass => …, training: true).");
        }
        if (body.Shape.Count != 1)
        {
            throw new ShapeException($"Backward starts from a loss of one element; this tensor has shape {body.Shape}. Take its mean first.");
        }
        if (!body.NeedsGradient)
        {
            throw new InvalidOperationException("The loss depends on no trainable parameter, so there is nothing to differentiate.");
        }
        if (HasWalkedBack)
        {
            throw new InvalidOperationException("This pass has walked back once already. Add the losses up, or open another pass.");
        }
        HasWalkedBack = true;
        for (int i = 0; i < _parameters.Count; i++)
        {
            _parameters[i].HasGradient = false;
        }
        (Storage gradient, _) = GradientOf(loss);
        Backend.Fill(gradient, 1, 1, accumulate: false);
        using ProfileSpan span = Profile.Measure("backward");
        for (int i = _tape.Count - 1; i >= 0; i--)
        {
            Op op = _tape[i];
            using ProfileSpan ofOp = Profile.Measure(op.Span.Name, op.Span.Category);
            op.Backward(this);
        }
    }

    /// <summary>
    /// The gradient of the last <see cref="Backward"/> with respect to a tensor of this pass; zeros where none arrived. A recurrent layer may sum up that of embedded ids by id:
    /// to see it, step by step, <see cref="Watch"/> them.
    /// </summary>
    /// <exception cref="InvalidOperationException">The tensor is not of this pass, or its gradient may have been summed up.</exception>
    public float[] GradientToArray(Tensor tensor)
    {
        RequireOwn(tensor);
        if (tensor.Body.Distinct is { MaySumGradients: true })
        {
            throw new InvalidOperationException("A recurrent layer may sum up the gradient of embedded ids by id. To see it step by step, call pass.Watch(tensor) before the layer is applied.");
        }
        float[] values = new float[tensor.Shape.Count];
        if (TryGradient(tensor) is { } gradient)
        {
            Backend.Read(gradient, values);
        }
        return values;
    }

    /// <summary>Marks a tensor, an input or embedded ids, as one whose gradient is wanted; before it is used.</summary>
    /// <exception cref="InvalidOperationException">The tensor is not of this pass.</exception>
    public void Watch(Tensor input)
    {
        RequireOwn(input);
        input.Body.NeedsGradient = RecordsGradients;
        input.Body.IsWatched = true;
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

    /// <summary>Where the gradient of a tensor is to be written, and whether something stands there already.</summary>
    internal (Storage Gradient, bool Accumulate) GradientOf(Tensor tensor)
    {
        TensorBody body = tensor.Body;
        body.Gradient ??= body.Parameter?.Gradient ?? Backend.Rent(body.Shape.Count);
        bool accumulate = body.HasGradient;
        body.HasGradient = true;
        if (body.Parameter is { } parameter)
        {
            parameter.HasGradient = true;
            parameter.GradientRows = null;
        }
        return (body.Gradient, accumulate);
    }

    /// <summary>The same, or nothing where no gradient is wanted.</summary>
    internal GradientTarget GradientTarget(Tensor tensor)
    {
        if (!tensor.Exists || !tensor.Body.NeedsGradient)
        {
            return default;
        }
        (Storage gradient, bool accumulate) = GradientOf(tensor);
        return new GradientTarget(gradient, accumulate);
    }

    /// <summary>
    /// Gives the memory of a tensor that nothing else will read, times a factor, to another as its gradient, or adds it where a
    /// gradient stands there already.
    /// </summary>
    internal void HandOver(Tensor values, Tensor target, double factor)
    {
        TensorBody from = values.Body, to = target.Body;
        if (!to.NeedsGradient)
        {
            return;
        }
        if (to.Gradient is not null)
        {
            (Storage gradient, bool accumulate) = GradientOf(target);
            Backend.AddScaled(from.Storage!, factor, gradient, to.Shape.Count, accumulate);
            return;
        }
        if (factor != 1)
        {
            Backend.AddScaled(from.Storage!, factor, from.Storage!, to.Shape.Count, accumulate: false);
        }
        (to.Gradient, to.HasGradient, from.OwnsStorage) = (from.Storage, true, false);
        to.OwnsStorage &= to.Storage != to.Gradient; // given back once, as the gradient
    }

    /// <summary>The gradient that has arrived at a tensor; null where none has.</summary>
    internal static Storage? TryGradient(Tensor tensor) => tensor.Exists && tensor.Body.HasGradient ? tensor.Body.Gradient : null;

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

    private void RequireOwn(Tensor tensor)
    {
        if (tensor.Body.Owner != this)
        {
            throw new InvalidOperationException("The tensor is not of this pass, so no gradient reaches it. Take it in by pass.Input(…), and use what that returns.");
        }
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
