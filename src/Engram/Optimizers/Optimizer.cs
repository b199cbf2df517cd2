using Engram.Backends;
using Engram.Training;

namespace Engram;

/// <summary>
/// Changes weights by their gradients, and remembers what it needs of them from step to step. One optimizer may train several models one after the other, each as an
/// optimizer of its own would: where <c>Fit</c> begins with a model whose weights no step has met, while those of others are remembered, it forgets these and counts
/// <see cref="Steps"/> from 0. A loop of one's own may take steps on several models in turn.
/// </summary>
public abstract class Optimizer
{
    private readonly Dictionary<Parameter, Storage[]> _slots = [];
    private readonly Dictionary<Parameter, ParameterGroup?> _groupOf = [];

    /// <summary>An optimizer with a learning rate.</summary>
    /// <param name="learningRate">η, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">η is not a number above 0.</exception>
    protected Optimizer(double learningRate) => LearningRate = learningRate;

    /// <summary>Name in files: <c>adam</c>.</summary>
    public abstract string Name { get; }

    /// <summary>η; may be changed between steps.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a number above 0.</exception>
    public double LearningRate { get; set => field = Positive(value, nameof(LearningRate), "A learning rate"); }

    /// <summary>
    /// The largest norm that the gradient of all weights together may have; a longer one is shortened to it (Pascanu et al. 2013).
    /// Null, the default, leaves gradients as they are.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a number above 0.</exception>
    public double? ClipNorm { get; init => field = value is { } norm ? Positive(norm, nameof(ClipNorm), "A norm to clip to") : null; }

    /// <summary>The largest size that a gradient's elements may have. Null, the default, leaves gradients as they are.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a number above 0.</exception>
    public double? ClipValue { get; init => field = value is { } bound ? Positive(bound, nameof(ClipValue), "A value to clip to") : null; }

    /// <summary>
    /// Decoupled weight decay λ, 0, the default, or more: every step first multiplies the weights by 1 − η λ (Loshchilov &amp; Hutter 2019). It is
    /// no part of the gradient, nor of the loss; a penalty that is both is a <see cref="Regularizer"/>.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a number of 0 or more.</exception>
    public double WeightDecay { get; init => field = NotNegative(value, nameof(value), "A weight decay"); }

    /// <summary>Parameters that are treated in their own way; none by default.</summary>
    public IReadOnlyList<ParameterGroup> Groups { get; init; } = [];

    /// <summary>Steps taken; those on other models do not count once <c>Fit</c> has begun with a new one.</summary>
    public long Steps { get; internal set; }

    /// <summary>Names of the arrays kept for each parameter: <c>first</c>, <c>second</c>.</summary>
    internal abstract IReadOnlyList<string> SlotNames { get; }

    /// <summary>One step on all parameters of a model; see <see cref="Step(Device, IReadOnlyList{Parameter})"/>.</summary>
    /// <exception cref="InvalidOperationException">The model has no weights yet.</exception>
    public void Step(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Step(model.Device, model.Parameters);
    }

    /// <summary>
    /// One step: changes every trainable parameter that has a gradient from the last backward walk, by that gradient, clipped
    /// where asked for. Parameters that took no part stay as they are.
    /// </summary>
    public void Step(Device device, IReadOnlyList<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(parameters);
        using ProfileSpan span = Profile.Measure("optimizer", ProfileCategory.Optimizer);
        IBackend backend = device.Backend;
        Steps++;
        StartStep();
        double scale = Clip(backend, parameters);
        for (int i = 0; i < parameters.Count; i++)
        {
            Parameter parameter = parameters[i];
            if (parameter.HasGradient && Trains(parameter))
            {
                Update(backend, parameter, Slots(backend, parameter), SizeFor(parameter, scale));
                parameter.Constraint?.Apply(backend, parameter);
                parameter.Version++;
            }
            parameter.HasGradient = false;
        }
        FinishStep(backend, parameters);
    }

    /// <summary>The arrays kept for a parameter, zeros at first.</summary>
    internal Storage[] Slots(IBackend backend, Parameter parameter)
    {
        if (!_slots.TryGetValue(parameter, out Storage[]? slots))
        {
            slots = new Storage[SlotNames.Count];
            for (int i = 0; i < slots.Length; i++)
            {
                slots[i] = backend.Rent(parameter.Shape.Count);
                backend.Clear(slots[i], parameter.Shape.Count);
            }
            _slots.Add(parameter, slots);
        }
        return slots;
    }

    /// <summary>A training of a model begins: where all that is remembered is of other models, it is forgotten.</summary>
    internal void Begin(Model model)
    {
        if (_slots.Count > 0 && !model.Parameters.Any(_slots.ContainsKey))
        {
            Forget();
        }
    }

    /// <summary>Adds what must be remembered over an interruption beside the arrays.</summary>
    internal virtual void Save(CheckpointWriter checkpoint)
    {
    }

    /// <summary>Takes back what <see cref="Save"/> added.</summary>
    internal virtual void Restore(CheckpointReader checkpoint)
    {
    }

    /// <summary>Notes the state for a model's parameters as it is; the result puts it back.</summary>
    internal virtual Action Remember(Model model)
    {
        IBackend backend = model.Device.Backend;
        (long steps, double rate) = (Steps, LearningRate);
        var copies = new List<(Storage Slot, Storage Copy, long Count)>();
        foreach (Parameter parameter in model.Parameters)
        {
            foreach (Storage slot in Slots(backend, parameter))
            {
                Storage copy = backend.Rent(parameter.Shape.Count);
                backend.Copy(slot, copy, parameter.Shape.Count);
                copies.Add((slot, copy, parameter.Shape.Count));
            }
        }
        return () =>
        {
            (Steps, LearningRate) = (steps, rate);
            foreach ((Storage slot, Storage copy, long count) in copies)
            {
                backend.Copy(copy, slot, count);
                backend.Return(copy);
            }
        };
    }

    /// <summary>Name and settings, but for the learning rate, which may change in training; of groups what they hold of these parameters.</summary>
    internal string Describe(IReadOnlyList<Parameter> parameters)
    {
        List<string> parts = [.. Settings];
        parts.AddRange(ClipNorm is { } norm ? [Text($"clip norm {norm:R}")] : []);
        parts.AddRange(ClipValue is { } bound ? [Text($"clip value {bound:R}")] : []);
        parts.AddRange(WeightDecay > 0 ? [Text($"weight decay {WeightDecay:R}")] : []);
        foreach (ParameterGroup group in Groups)
        {
            IEnumerable<string> names = parameters.Where(parameter => GroupOf(parameter) == group).Select(parameter => parameter.Name);
            parts.Add($"group of {string.Join(' ', names)} with {group}");
        }
        return parts.Count == 0 ? Name : $"{Name} ({string.Join(", ", parts)})";
    }

    /// <summary>An epoch of <c>Fit</c> is done and measured.</summary>
    internal virtual void OnEpochEnd(Model model, History history)
    {
    }

    internal static double NotNegative(double value, string name, string what) =>
        value >= 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, what + " is a number of 0 or more.");

    /// <summary>The optimizer's own settings as text.</summary>
    private protected virtual IEnumerable<string> Settings => [];

    private protected static string Text(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>Forgets all that steps have left.</summary>
    private protected virtual void Forget()
    {
        foreach ((Parameter parameter, Storage[] slots) in _slots)
        {
            foreach (Storage slot in slots)
            {
                parameter.Backend.Return(slot);
            }
        }
        _slots.Clear();
        _groupOf.Clear();
        Steps = 0;
    }

    /// <summary>A step begins; <see cref="Steps"/> counts it already.</summary>
    private protected virtual void StartStep()
    {
    }

    /// <summary>Changes one parameter.</summary>
    private protected abstract void Update(IBackend backend, Parameter parameter, Storage[] slots, in StepSize size);

    /// <summary>All parameters are changed.</summary>
    private protected virtual void FinishStep(IBackend backend, IReadOnlyList<Parameter> parameters)
    {
    }

    /// <summary>Whether steps change a parameter.</summary>
    private protected bool Trains(Parameter parameter) => parameter.IsTrainable && GroupOf(parameter) is not { Frozen: true };

    private protected static double Positive(double value, string name, string what) =>
        value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, what + " is a number above 0.");

    /// <summary>A number in [0, 1).</summary>
    private protected static double Share(double value, string name, string what) =>
        value >= 0 && value < 1 ? value : throw new ArgumentOutOfRangeException(name, value, what + " is at least 0 and below 1.");

    private StepSize SizeFor(Parameter parameter, double gradientScale)
    {
        ParameterGroup? group = GroupOf(parameter);
        double rate = LearningRate * (group?.LearningRateFactor ?? 1);
        return new StepSize(rate, gradientScale, 1 - rate * (group?.WeightDecay ?? WeightDecay));
    }

    private ParameterGroup? GroupOf(Parameter parameter)
    {
        if (Groups.Count == 0)
        {
            return null;
        }
        if (!_groupOf.TryGetValue(parameter, out ParameterGroup? group))
        {
            group = Groups.FirstOrDefault(candidate => candidate.Contains(parameter));
            _groupOf.Add(parameter, group);
        }
        return group;
    }

    private double Clip(IBackend backend, IReadOnlyList<Parameter> parameters)
    {
        if (ClipValue is null && ClipNorm is null)
        {
            return 1;
        }
        double squares = 0;
        for (int i = 0; i < parameters.Count; i++)
        {
            Parameter parameter = parameters[i];
            if (parameter.HasGradient && Trains(parameter))
            {
                if (ClipValue is { } bound)
                {
                    backend.Clip(parameter.Gradient, bound, parameter.Shape.Count);
                }
                squares += backend.SumOfSquares(parameter.Gradient, parameter.Shape.Count);
            }
        }
        double norm = Math.Sqrt(squares);
        return ClipNorm is { } most && norm > most ? most / norm : 1;
    }
}
