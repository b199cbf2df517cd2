using Engram.Backends;

namespace Engram;

/// <summary>Changes weights by their gradients.</summary>
public abstract class Optimizer
{
    private readonly Dictionary<Parameter, Storage[]> _slots = [];

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

    /// <summary>Steps taken.</summary>
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
        IBackend backend = device.Backend;
        Steps++;
        double scale = Clip(backend, parameters);
        for (int i = 0; i < parameters.Count; i++)
        {
            Parameter parameter = parameters[i];
            if (parameter.HasGradient && parameter.IsTrainable)
            {
                Update(backend, parameter, Slots(backend, parameter), scale);
                parameter.Version++;
                parameter.HasGradient = false;
            }
        }
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

    /// <summary>Changes one parameter.</summary>
    private protected abstract void Update(IBackend backend, Parameter parameter, Storage[] slots, double gradientScale);

    private static double Positive(double value, string name, string what) =>
        value > 0 && double.IsFinite(value) ? value : throw new ArgumentOutOfRangeException(name, value, what + " is a number above 0.");

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
            if (parameter.HasGradient && parameter.IsTrainable)
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
