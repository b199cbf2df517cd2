using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Engram.Backends;
using Engram.Layers;

namespace Engram;

/// <summary>
/// A part of a model with weights of its own. Weights are made when the layer meets its first input, whose last dimension gives
/// their size. A layer keeps no state between calls: what a recurrent layer remembers is passed in and out.
/// </summary>
public abstract class Layer
{
    private List<Parameter> _parameters = [];
    private Shape _inputShape;

    /// <summary>The layer's name, unique in its model: <c>lstm</c>, <c>lstm_1</c>, <c>dense</c>. Given by the model.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Layers that this one is made of, and their roles, which become part of their names.</summary>
    private protected virtual IReadOnlyList<(string Role, Layer Layer)> Parts => [];

    /// <summary>The layer and all that it is made of, at any depth.</summary>
    internal IEnumerable<Layer> SelfAndParts => [this, .. Parts.SelectMany(part => part.Layer.SelfAndParts)];

    /// <summary>
    /// Why the layer cannot take a sequence step by step, as the end of a sentence: «it weighs whole sequences». Null, the default, where every
    /// step's output depends on that step, and on a state that recurrent layers carry. What is refused: <see cref="Model.Stream"/>,
    /// truncated back-propagation, carried states.
    /// </summary>
    protected internal virtual string? StreamingObstacle => null;

    /// <summary>Whether the layer needs the time axis as long as it was built for, also where no sample of a batch is as long.</summary>
    internal virtual bool NeedsAllSteps => Parts.Any(part => part.Layer.NeedsAllSteps);

    /// <summary>Whether the weights have been made.</summary>
    public bool IsBuilt { get; private set; }

    /// <summary>Whether the layer, or one that it is a part of, stands in a model, which trains and saves its weights.</summary>
    internal bool IsTracked { get; private set; }

    /// <summary>The layer's weights, in the order in which they were made; empty before the first input.</summary>
    public IReadOnlyList<Parameter> Parameters =>
        Parts.Count == 0 ? _parameters : [.. _parameters, .. Parts.SelectMany(part => part.Layer.Parameters)];

    /// <summary>
    /// Whether optimizers change the layer's weights, those of the layers it is made of included; true by default. Set to false it freezes them, as many as there are
    /// and as will be made, and to true it thaws them; single ones by <see cref="Parameter.IsTrainable"/>. It is for training and not kept in model files. What goes
    /// through a frozen layer still hands gradients on.
    /// </summary>
    public bool IsTrainable
    {
        get;
        set
        {
            field = value;
            foreach (Parameter parameter in _parameters)
            {
                parameter.IsTrainable = value;
            }
            foreach ((_, Layer part) in Parts)
            {
                part.IsTrainable = value;
            }
        }
    } = true;

    /// <summary>
    /// The penalty of the weights that inputs are multiplied by: the kernel, embeddings, a projection. Null, the default: none. Regularizers and
    /// constraints are for training and not kept in model files.
    /// </summary>
    public Regularizer? KernelRegularizer { get; init; }

    /// <summary>The penalty of the weights that a recurrent layer's state is multiplied by; null, the default: none.</summary>
    public Regularizer? RecurrentRegularizer { get; init; }

    /// <summary>The penalty of biases; null, the default: none.</summary>
    public Regularizer? BiasRegularizer { get; init; }

    /// <summary>
    /// The penalty of the layer's output: the sum over each row, that is each sample, or each step of one, and the mean over the rows that
    /// are real. Null, the default: none.
    /// </summary>
    public Regularizer? ActivityRegularizer { get; init; }

    /// <summary>
    /// The penalty of how much the layer's output [batch, time, features] changes from each real step to the next: the sum over each change, and the mean over all
    /// changes. With <see cref="Regularizer.L2"/> it is β Σ (h_t − h_t+1)² (TAR, Merity et al. 2018). Null, the default: none.
    /// </summary>
    public Regularizer? TemporalRegularizer { get; init; }

    /// <summary>The bound of the weights that inputs are multiplied by; null, the default: none.</summary>
    public WeightConstraint? KernelConstraint { get; init; }

    /// <summary>The bound of the weights that a recurrent layer's state is multiplied by; null, the default: none.</summary>
    public WeightConstraint? RecurrentConstraint { get; init; }

    /// <summary>The bound of biases; null, the default: none.</summary>
    public WeightConstraint? BiasConstraint { get; init; }

    /// <summary>Shape of the output for one sample, without the batch, when the model was built; null before.</summary>
    public Shape? OutputShape { get; private set; }

    /// <summary>What kind of layer this is, as it stands in model files and summaries: <c>lstm</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>The function that what the layer puts out comes from last.</summary>
    internal virtual Activation OutputActivation => Activation.Linear;

    /// <summary>The layer's name, or its kind where no model has named it.</summary>
    protected string DisplayName => Name.Length > 0 ? Name : Kind;

    /// <summary>Applies the layer.</summary>
    /// <param name="pass">The pass that owns the result.</param>
    /// <param name="input">The input, batch first.</param>
    /// <exception cref="ShapeException">The input does not fit the layer.</exception>
    public Tensor Apply(Pass pass, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        input = pass.Input(input);
        EnsureBuilt(pass, input.Shape);
        return Finish(pass, Forward(pass, input));
    }

    /// <summary>
    /// Notes the shape of an output, the output itself in training, and its penalty where the layer has one; for every way to apply a layer but the one above.
    /// </summary>
    /// <returns>The output.</returns>
    private protected Tensor Finish(Pass pass, Tensor output)
    {
        if (pass.InitialWeights is not null)
        {
            OutputShape = output.Shape.Rank == 0 ? output.Shape : output.Shape.WithoutFirst();
        }
        if (pass.IsTraining)
        {
            pass.LayerOutputs.Add((this, output));
        }
        if (ActivityRegularizer is not null && output.Body.NeedsGradient)
        {
            pass.ActivityPenalties.Add(ActivityRegularizer.OfActivity(pass, output));
        }
        if (TemporalRegularizer is not null && output.Body.NeedsGradient)
        {
            if (output.Shape.Rank != 3)
            {
                throw new InvalidOperationException(
                    $"Layer {DisplayName} ({Kind}) has a TemporalRegularizer, but puts out shape {output.Shape} without steps and features. Let it return its whole sequence, or set the regularizer on a layer that does.");
            }
            pass.ActivityPenalties.Add(TemporalRegularizer.OfActivity(pass, pass.StepDifferences(output)));
        }
        return output;
    }

    /// <summary>The layer's computation; weights exist.</summary>
    protected abstract Tensor Forward(Pass pass, Tensor input);

    /// <summary>Checks the rank and sizes of an input; throws by <see cref="ThrowShape"/>.</summary>
    protected virtual void CheckInput(Shape input)
    {
    }

    /// <summary>Makes the weights by <see cref="AddParameter"/>; called once.</summary>
    /// <param name="input">Shape of the first input, batch included.</param>
    protected virtual void Build(Shape input)
    {
    }

    /// <summary>
    /// Whether later inputs must have the last size of the first, as they must where it gives the weights their sizes. True, unless
    /// a layer says otherwise.
    /// </summary>
    private protected virtual bool KeepsLastSize => true;

    /// <summary>The shape of a sample's output, and the weights, at an input of a shape; nothing is made.</summary>
    /// <param name="input">Shape of a sample, without the batch.</param>
    /// <param name="weights">Receives the weights.</param>
    /// <exception cref="ShapeException">The input does not fit the layer.</exception>
    internal Shape PlanFor(Shape input, WeightPlan weights)
    {
        CheckInput(input.Prepend(1));
        NameParts();
        return weights.Note(this, input, Plan(input, weights));
    }

    /// <summary>The same for a layer with several inputs.</summary>
    internal virtual Shape PlanFor(ReadOnlySpan<Shape> inputs, WeightPlan weights) => PlanFor(inputs[0], weights);

    /// <summary>The same; the input has been checked. A layer without weights that keeps the shape need not say so.</summary>
    private protected virtual Shape Plan(Shape input, WeightPlan weights) => input;

    /// <summary>Writes the options that <see cref="Layers.LayerKinds"/> needs to make the layer again.</summary>
    internal virtual void WriteOptions(Utf8JsonWriter json)
    {
    }

    /// <summary>Builds the layer at its first input; afterwards checks that the input fits.</summary>
    protected void EnsureBuilt(Pass pass, Shape input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        CheckInput(input);
        if (input.Count == 0)
        {
            ThrowShape("at least one sample and no size of 0", input);
        }
        if (IsBuilt)
        {
            if (KeepsLastSize && _parameters.Count > 0 && input[^1] != _inputShape[^1])
            {
                ThrowShape($"inputs of size {_inputShape[^1]} in the last dimension, as at its first input", input);
            }
            return;
        }
        if (pass.InitialWeights is not { } random)
        {
            throw new InvalidOperationException(
                $"Layer {DisplayName} has no weights yet. Let the model meet an input first: model.Build(…), Fit or Predict; and register the layers of a custom model with Track.");
        }
        NameParts();
        Build(pass.Backend, input, Drawn(random));
        if (_parameters.Count > 0 && !IsTracked)
        {
            Unbuild();
            throw new InvalidOperationException(
                $"Layer {DisplayName} ({Kind}) has weights, but was not registered with a model: they would be neither trained nor saved. Register it, or the layer it is a part of, with Track.");
        }
    }

    /// <summary>The layer stands in a model from now on, under a name.</summary>
    internal void EnterModel(string name)
    {
        Name = name;
        foreach (Layer layer in SelfAndParts)
        {
            layer.IsTracked = true;
        }
    }

    /// <summary>Builds the layer for the shapes of a plan, without a run, with weights that exist.</summary>
    /// <param name="backend">Where the weights shall be.</param>
    /// <param name="input">Shape of a sample of the first input.</param>
    /// <param name="output">Shape of a sample of the output.</param>
    /// <param name="fill">Sets the values of a weight array.</param>
    internal void BuildPlanned(IBackend backend, Shape input, Shape output, Action<Parameter> fill)
    {
        OutputShape = output;
        if (!IsBuilt)
        {
            Build(backend, input.Prepend(1), (parameter, _) => fill(parameter));
        }
    }

    /// <summary>Weights drawn from a stream for each array.</summary>
    private static Action<Parameter, Initializer> Drawn(RandomStream random) => (parameter, initializer) =>
    {
        float[] values = new float[parameter.Shape.Count];
        initializer.Fill(values, parameter.Shape, random.Derive(parameter.Name));
        parameter.Set(values);
    };

    private void Build(IBackend backend, Shape input, Action<Parameter, Initializer> fill)
    {
        (_backend, _fill) = (backend, fill);
        Build(input);
        (_backend, _fill) = (null, null);
        RequireUse();
        _inputShape = input;
        IsBuilt = true;
    }

    /// <summary>Forgets the weights of a build that failed.</summary>
    internal void Unbuild()
    {
        _parameters.Clear();
        (IsBuilt, OutputShape, _backend, _fill, _inputShape) = (false, null, null, null, default);
        foreach ((_, Layer part) in Parts)
        {
            part.Unbuild();
        }
    }

    /// <summary>A layer of the same options without weights or name.</summary>
    private protected Layer CopyUnbuilt()
    {
        var copy = (Layer)MemberwiseClone();
        (copy._parameters, copy.Name, copy.IsTracked, copy.IsBuilt, copy.OutputShape, copy._inputShape) = ([], "", false, false, null, default);
        return copy;
    }

    /// <summary>Writes a part, its kind and options, as an object.</summary>
    private protected static void WritePart(Utf8JsonWriter json, string property, Layer part)
    {
        json.WritePropertyName(property);
        WritePart(json, part);
    }

    /// <summary>The same as an element of an array.</summary>
    private protected static void WritePart(Utf8JsonWriter json, Layer part)
    {
        json.WriteStartObject();
        json.WriteString("kind", part.Kind);
        part.WriteOptions(json);
        json.WriteEndObject();
    }

    private void NameParts()
    {
        foreach ((string role, Layer part) in Parts)
        {
            part.Name = $"{DisplayName}.{role}";
        }
    }

    /// <summary>Refuses a regularizer or constraint of weights that the layer has not.</summary>
    private void RequireUse()
    {
        Require(KernelRegularizer, KernelConstraint, "Kernel", role => role is "kernel" or "embeddings" or "projection" or "query");
        Require(RecurrentRegularizer, RecurrentConstraint, "Recurrent", role => role == "recurrent_kernel");
        Require(BiasRegularizer, BiasConstraint, "Bias", role => role == "bias");

        void Require(Regularizer? regularizer, WeightConstraint? constraint, string which, Predicate<string> takes)
        {
            if ((regularizer is not null || constraint is not null) && !_parameters.Exists(parameter => takes(parameter.Role)))
            {
                throw new InvalidOperationException(
                    $"Layer {DisplayName} ({Kind}) has no weights of its own that {which}Regularizer or {which}Constraint could act on. Set it on the layer that has them.");
            }
        }
    }

    private IBackend? _backend;
    private Action<Parameter, Initializer>? _fill;

    /// <summary>Makes a weight array, drawn from a stream of its own; only while <see cref="Build(Shape)"/> runs.</summary>
    /// <param name="role">
    /// The parameter's role in the layer: <c>kernel</c>, <c>recurrent_kernel</c>, <c>bias</c>, which regularizers and constraints of the layer go by, or
    /// another.
    /// </param>
    /// <param name="shape">Its sizes.</param>
    /// <param name="initializer">Where its first value comes from.</param>
    protected Parameter AddParameter(string role, Shape shape, Initializer initializer)
    {
        ArgumentNullException.ThrowIfNull(initializer);
        IBackend backend = _backend ?? throw new InvalidOperationException("Parameters are made while a layer is built, in Build.");
        string name = $"{DisplayName}.{role}";
        (Regularizer? regularizer, WeightConstraint? constraint) = role switch
        {
            "kernel" or "embeddings" or "projection" or "query" => (KernelRegularizer, KernelConstraint),
            "recurrent_kernel" => (RecurrentRegularizer, RecurrentConstraint),
            "bias" => (BiasRegularizer, BiasConstraint),
            _ => default,
        };
        var parameter = new Parameter(backend, name, shape) { Regularizer = regularizer, Constraint = constraint, IsTrainable = IsTrainable };
        _fill!(parameter, initializer);
        _parameters.Add(parameter);
        return parameter;
    }

    /// <summary>Throws unless an input is [batch, time, features] with at least one step and one feature.</summary>
    private protected void RequireSequences(Shape input)
    {
        if (input.Rank != 3)
        {
            throw new ShapeException(
                Misfit("[batch, time, features]", input) + (input.Rank == 2 ? " Behind a recurrent layer: set ReturnSequences = true on the recurrent layer before." : ""));
        }
        if (input[0] == 0 || input[1] == 0 || input[2] == 0)
        {
            ThrowShape("at least one sequence, at least one time step and one feature", input);
        }
    }

    /// <summary>Throws the error of an input that does not fit.</summary>
    [DoesNotReturn]
    protected void ThrowShape(string expected, Shape actual) => throw new ShapeException(Misfit(expected, actual));

    private string Misfit(string expected, Shape actual) => $"Layer {DisplayName} ({Kind}) expects {expected}, but got shape {actual}.";
}
