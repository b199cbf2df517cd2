using System.Text.Json;
using Engram.Backends;
using Engram.Layers;

namespace Engram;

/// <summary>
/// What recurrent layers have in common: [batch, time, features] in; [batch, units], the last hidden state, or with
/// <see cref="ReturnSequences"/> all of them, [batch, time, units], out. Where the input has a mask (<see cref="Tensor.Mask"/>), a step that is
/// not real repeats the state, so that every sequence gives what it would give alone, wherever its padding stands; a sequence without a real
/// step keeps its initial state.
/// </summary>
public abstract class RecurrentLayer : Layer
{
    private RecurrentCache _cache = new();
    private Parameter? _kernel, _recurrentKernel, _bias, _vectors, _projection;
    private bool _goBackwards;

    private protected RecurrentLayer(int units)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(units, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(units, LayerKinds.MostUnits);
        Units = units;
    }

    /// <summary>Units of the cell, at least 1.</summary>
    public int Units { get; }

    /// <summary>Size of the hidden state: <see cref="Units"/>, or less where the layer projects it.</summary>
    public virtual int OutputSize => Units;

    /// <summary>Whether the output is every hidden state instead of the last. False by default.</summary>
    public bool ReturnSequences { get; init; }

    /// <summary>
    /// Whether the sequence is read from its end. Outputs stand at the steps they belong to; the last hidden state is that after the
    /// sequence's first step. False by default.
    /// </summary>
    public bool GoBackwards { get => _goBackwards; init => _goBackwards = value; }

    /// <summary>First values of W; <see cref="Initializer.GlorotUniform"/> by default.</summary>
    public Initializer KernelInitializer { get; init; } = Initializer.GlorotUniform;

    /// <summary>First values of U; <see cref="Initializer.Orthogonal"/> by default.</summary>
    public Initializer RecurrentInitializer { get; init; } = Initializer.Orthogonal;

    /// <summary>
    /// While training, share of the hidden units that the recurrent product does not see, the same ones at every step of a sequence
    /// (Gal &amp; Ghahramani 2016), in [0, 1); where training cuts sequences into pieces, the same ones at every step of a piece. 0 by default.
    /// </summary>
    public double RecurrentDropout { get; init => field = Rate(value, nameof(RecurrentDropout)); }

    /// <summary>
    /// While training, share of the recurrent weights U that are dropped, the same ones at every step and in every sequence of a batch
    /// (DropConnect as in AWD-LSTM, Merity et al. 2018), in [0, 1). 0 by default.
    /// </summary>
    public double WeightDropout { get; init => field = Rate(value, nameof(WeightDropout)); }

    /// <summary>
    /// Zoneout (Krueger et al. 2017): while training, share of the hidden units that keep their former value, drawn anew at every step;
    /// otherwise every unit keeps this share of its former value. In [0, 1), 0 by default.
    /// </summary>
    public double Zoneout { get; init => field = Rate(value, nameof(Zoneout)); }

    /// <summary>
    /// What gates and candidates take is clipped to plus or minus this, as ONNX Runtime does for the attribute <c>clip</c>: for running models that were made
    /// with it. Such a layer cannot be trained. Above 0; infinity, the default, clips nothing.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not above 0.</exception>
    public double Clip
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(Clip), value, "A bound to clip to is above 0.");
    } = double.PositiveInfinity;

    /// <summary>W, the weights of the input.</summary>
    /// <exception cref="InvalidOperationException">The layer has no weights yet.</exception>
    public Parameter Kernel => Built(_kernel);

    /// <summary>U, the weights of the hidden state.</summary>
    /// <exception cref="InvalidOperationException">The layer has no weights yet.</exception>
    public Parameter RecurrentKernel => Built(_recurrentKernel);

    /// <summary>b; null where the cell has none, or before the layer has weights.</summary>
    public Parameter? Bias => _bias;

    /// <summary>The same for the cell state, where there is one.</summary>
    private protected virtual double CellZoneoutRate => 0;

    /// <summary>The recurrence.</summary>
    private protected abstract RecurrentCell Cell { get; }

    /// <summary>First values of b.</summary>
    private protected virtual Initializer BiasInitializer => Initializer.Zeros;

    /// <summary>Name and first values of the weights that multiply element by element, where the cell has some.</summary>
    private protected virtual (string Role, Initializer Initializer) Vectors => ("vectors", Initializer.Zeros);

    /// <summary>First values of the projection.</summary>
    private protected virtual Initializer ProjectionInitializer => Initializer.GlorotUniform;

    /// <inheritdoc/>
    protected internal override string? StreamingObstacle => GoBackwards ? "it reads sequences from their end" : null;

    /// <summary>A layer of the same options, without weights, for the other direction.</summary>
    internal RecurrentLayer Mirrored()
    {
        var copy = (RecurrentLayer)CopyUnbuilt();
        (copy._cache, copy._goBackwards) = (new RecurrentCache(), !_goBackwards);
        return copy;
    }

    /// <inheritdoc/>
    protected override Tensor Forward(Pass pass, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return Walk(pass, input, default, default, wantsStates: false).Output;
    }

    /// <summary>Output and, where they are wanted, last states, from states that need not exist.</summary>
    private protected (Tensor Output, Tensor Hidden, Tensor Cell) Walk(Pass pass, Tensor input, Tensor hidden, Tensor cell, bool wantsStates = true)
    {
        input = pass.Input(input);
        EnsureBuilt(pass, input.Shape);
        if (pass.RecordsGradients && double.IsFinite(Clip))
        {
            throw new NotSupportedException($"Layer {DisplayName} clips what its gates take (Clip = {Clip}), which is for running models only: it cannot be trained.");
        }
        int batch = input.Shape[0], steps = input.Shape[1];
        CarriedStates.Entry? carried = hidden.Exists || cell.Exists ? null : pass.Carried?.Next(this);
        var spec = new RecurrentSpec(Cell, input.Shape[2], Units, OutputSize, ReturnSequences, GoBackwards, Clip);
        if (carried is not null && pass.Carried!.IsStepwise && steps == 1 && input.Body.Mask is null && !wantsStates
            && carried.Stepper(new StepperSpec(spec, batch, Zoneout, CellZoneoutRate, pass.Carried.Weights)) is { } stepper)
        {
            return (Step(pass, stepper, spec, input), default, default);
        }
        if (carried is not null)
        {
            (hidden, cell) = carried.Load(pass, batch);
        }
        var inputs = new RecurrentInputs(input, State(pass, hidden, "hidden", batch, OutputSize), State(pass, cell, "cell", batch, Units))
        {
            HiddenZoneout = Zoneout,
            CellZoneout = CellZoneoutRate,
        };
        Tensor recurrentKernel = pass.Use(RecurrentKernel);
        if (pass.IsTraining && (RecurrentDropout > 0 || WeightDropout > 0 || Zoneout > 0 || CellZoneoutRate > 0))
        {
            RandomStream random = pass.DropoutStream(DisplayName);
            inputs.OperandMask = RecurrentDropout > 0 ? pass.DropoutMask(new Shape(batch, OutputSize), RecurrentDropout, random.Derive("recurrent")) : default;
            inputs.HiddenZoneoutMask = Kept(pass, random.Derive("hidden zoneout"), Zoneout, new Shape(batch, steps, OutputSize));
            inputs.CellZoneoutMask = Kept(pass, random.Derive("cell zoneout"), CellZoneoutRate, new Shape(batch, steps, Units));
            // Weights belong to no sample: every batch draws others, by its first.
            recurrentKernel = pass.DropWeights(recurrentKernel, WeightDropout, random.Derive("weights").Derive(pass.SampleIndices(batch)[0]));
        }
        var parameters = new RecurrentParameters<Tensor>(pass.Use(Kernel), recurrentKernel, Use(pass, _bias), Use(pass, _vectors), Use(pass, _projection));
        (Tensor Output, Tensor Hidden, Tensor Cell) result = pass.Recurrent(spec, inputs, parameters, _cache, DisplayName);
        carried?.Save(result.Hidden, result.Cell);
        return result;
    }

    /// <summary>One time step of a stream, whose states stay where the walk has them.</summary>
    private Tensor Step(Pass pass, RecurrentStepper stepper, in RecurrentSpec spec, Tensor input)
    {
        using ProfileSpan span = pass.Measure(DisplayName, ProfileCategory.Products);
        int batch = input.Shape[0];
        Tensor y = pass.Create(ReturnSequences ? new Shape(batch, 1, OutputSize) : new Shape(batch, OutputSize), DisplayName, needsGradient: false);
        RecurrentWeights weights = _cache.Get(pass.Backend, spec, new RecurrentParameters<Parameter>(_kernel!, _recurrentKernel!, _bias, _vectors, _projection));
        stepper.Step(weights, input.Body.Storage!, y.Body.Storage!);
        return y;
    }

    /// <inheritdoc/>
    protected override void CheckInput(Shape input) => RequireSequences(input);

    /// <inheritdoc/>
    protected override void Build(Shape input)
    {
        CellLayout layout = Cell.Layout;
        _kernel = AddParameter("kernel", new Shape(input[2], layout.InputBlocks * Units), KernelInitializer);
        _recurrentKernel = AddParameter("recurrent_kernel", new Shape(OutputSize, layout.RecurrentBlocks * Units), OutputSize == Units ? RecurrentInitializer : new GateByGate(RecurrentInitializer, layout.RecurrentBlocks));
        _bias = layout.BiasBlocks == 0 ? null : AddParameter("bias", new Shape(layout.BiasBlocks * Units), BiasInitializer);
        _vectors = layout.WeightVectors == 0 ? null : AddParameter(Vectors.Role, new Shape(layout.WeightVectors, Units), Vectors.Initializer);
        _projection = OutputSize == Units ? null : AddParameter("projection", new Shape(Units, OutputSize), ProjectionInitializer);
    }

    /// <inheritdoc/>
    private protected override Shape Plan(Shape input, WeightPlan weights)
    {
        CellLayout layout = Cell.Layout;
        weights.Add(this, "kernel", input[1], layout.InputBlocks * Units);
        weights.Add(this, "recurrent_kernel", OutputSize, layout.RecurrentBlocks * Units);
        if (layout.BiasBlocks > 0)
        {
            weights.Add(this, "bias", layout.BiasBlocks * Units);
        }
        if (layout.WeightVectors > 0)
        {
            weights.Add(this, Vectors.Role, layout.WeightVectors, Units);
        }
        if (OutputSize != Units)
        {
            weights.Add(this, "projection", Units, OutputSize);
        }
        return ReturnSequences ? new Shape(input[0], OutputSize) : new Shape(OutputSize);
    }

    /// <summary>Sets what <see cref="WriteOptions"/> writes but the units; throws <see cref="FormatException"/> where it is not what was written.</summary>
    internal JsonElement Options
    {
        init
        {
            ReturnSequences = LayerKinds.Boolean(value, "returnSequences");
            GoBackwards = LayerKinds.OptionalBoolean(value, "goBackwards");
            RecurrentDropout = LayerKinds.OptionalRate(value, "recurrentDropout");
            WeightDropout = LayerKinds.OptionalRate(value, "weightDropout");
            Zoneout = LayerKinds.OptionalRate(value, "zoneout");
            Clip = value.TryGetProperty("clip", out _) ? LayerKinds.Positive(value, "clip") : Clip;
        }
    }

    internal override void WriteOptions(Utf8JsonWriter json)
    {
        json.WriteNumber("units", Units);
        json.WriteBoolean("returnSequences", ReturnSequences);
        WriteWhere(json, "goBackwards", GoBackwards);
        WriteWhere(json, "recurrentDropout", RecurrentDropout);
        WriteWhere(json, "weightDropout", WeightDropout);
        WriteWhere(json, "zoneout", Zoneout);
        if (double.IsFinite(Clip))
        {
            json.WriteNumber("clip", Clip);
        }
    }

    /// <summary>Writes an option that is not at its default.</summary>
    private protected static void WriteWhere(Utf8JsonWriter json, string name, bool value)
    {
        if (value)
        {
            json.WriteBoolean(name, value);
        }
    }

    /// <inheritdoc cref="WriteWhere(Utf8JsonWriter, string, bool)"/>
    private protected static void WriteWhere(Utf8JsonWriter json, string name, double value)
    {
        if (value > 0)
        {
            json.WriteNumber(name, value);
        }
    }

    /// <summary>Checks a rate.</summary>
    private protected static double Rate(double value, string name) =>
        value >= 0 && value < 1 ? value : throw new ArgumentOutOfRangeException(name, value, "A rate is at least 0 and below 1.");

    private Tensor State(Pass pass, Tensor state, string which, int batch, int size)
    {
        if (!state.Exists)
        {
            return state;
        }
        state = pass.Input(state);
        if (state.Shape != new Shape(batch, size))
        {
            ThrowShape($"a {which} state of shape [batch, {(which == "cell" || size == Units ? "units" : "outputs")}] = [{batch}, {size}]", state.Shape);
        }
        return state;
    }

    private Parameter Built(Parameter? parameter) =>
        parameter ?? throw new InvalidOperationException($"Layer {DisplayName} has no weights yet. Let the model meet an input first: Build, Fit or Predict.");

    /// <summary>1 where zoneout keeps a unit's former value, else 0.</summary>
    private static Tensor Kept(Pass pass, RandomStream random, double rate, Shape shape) => rate > 0 ? pass.RandomMask(shape, rate, 1, 0, random) : default;

    /// <summary>
    /// First values of a U that a projection makes wider than high, gate by gate, so that what an initializer promises of a matrix, such as
    /// orthonormal rows, holds of each gate's.
    /// </summary>
    private sealed class GateByGate(Initializer initializer, int gates) : Initializer
    {
        public override void Fill(Span<float> values, Shape shape, RandomStream random)
        {
            int rows = shape[0], units = shape[1] / gates;
            float[] gate = new float[rows * units];
            for (int i = 0; i < gates; i++)
            {
                initializer.Fill(gate, new Shape(rows, units), random.Derive(i));
                for (int row = 0; row < rows; row++)
                {
                    gate.AsSpan(row * units, units).CopyTo(values[((row * gates + i) * units)..]);
                }
            }
        }
    }

    private static Tensor Use(Pass pass, Parameter? parameter) => parameter is null ? default : pass.Use(parameter);
}
