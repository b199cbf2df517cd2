using Engram.Autograd;
using Engram.Backends;

namespace Engram;

/// <summary>A weight array of a layer, kept on the model's device.</summary>
public sealed class Parameter
{
    private static long _parameters;
    private Storage? _gradient;

    internal Parameter(IBackend backend, string name, Shape shape)
    {
        Storage.RequireRoom(shape, name);
        Backend = backend;
        Name = name;
        Shape = shape;
        Value = backend.Rent(shape.Count);
        Version = Interlocked.Increment(ref _parameters) << 32;
    }

    /// <summary>Layer and role, <c>lstm.recurrent_kernel</c>: unique in a model, and the tensor's name in its file.</summary>
    public string Name { get; }

    /// <summary>The layer's part of the name: <c>lstm</c>.</summary>
    public string LayerName => Name[..Name.LastIndexOf('.')];

    /// <summary>The role in the layer: <c>recurrent_kernel</c>.</summary>
    public string Role => Name[(Name.LastIndexOf('.') + 1)..];

    /// <summary>The sizes.</summary>
    public Shape Shape { get; }

    /// <summary>Whether optimizers change it; true at first.</summary>
    public bool IsTrainable { get; set; } = true;

    /// <summary>The penalty that its values add to the loss; null, at first where the layer sets none: none. Not kept in model files.</summary>
    public Regularizer? Regularizer { get; set; }

    /// <summary>What its values are brought back into after a step; null, at first where the layer sets none: none. Not kept in model files.</summary>
    public WeightConstraint? Constraint { get; set; }

    internal IBackend Backend { get; }

    internal Storage Value { get; }

    /// <summary>Room for the gradient, from when it is first asked for: a model that only predicts has none.</summary>
    internal Storage Gradient => _gradient ??= Backend.Rent(Shape.Count);

    /// <summary>Whether <see cref="Gradient"/> is of the model's last backward walk, and no step has used it.</summary>
    internal bool HasGradient { get; set; }

    /// <summary>
    /// The rows of <see cref="Gradient"/> that may differ from zero; null where any may. Whoever writes elsewhere takes it away.
    /// </summary>
    internal RowSet? GradientRows { get; set; }

    /// <summary>
    /// Grows with every change of the value, so that what is derived from it knows when it is out of date. Every parameter counts in a range
    /// of its own: a layer that was built anew has other versions.
    /// </summary>
    internal long Version { get; set; }

    /// <summary>A copy of the value, row-major.</summary>
    public float[] ToArray()
    {
        float[] values = new float[Shape.Count];
        Backend.Read(Value, values);
        return values;
    }

    /// <summary>
    /// A copy of the gradient of the model's last backward walk, row-major; null before the first, where the parameter took no part in
    /// it, and once an optimizer has made its step.
    /// </summary>
    public float[]? GradientToArray()
    {
        if (!HasGradient)
        {
            return null;
        }
        float[] values = new float[Shape.Count];
        Backend.Read(Gradient, values);
        return values;
    }

    /// <summary>Sets the value, row-major.</summary>
    /// <exception cref="ShapeException">The number of values is not that of the parameter.</exception>
    public void Set(ReadOnlySpan<float> values)
    {
        if (values.Length != Shape.Count)
        {
            throw new ShapeException($"Parameter {Name} has shape {Shape}, {Shape.Count} elements; {values.Length} were given.");
        }
        Backend.Write(Value, values);
        Version++;
    }

    /// <summary>Sets a part of the value, from an element on.</summary>
    internal void Set(long first, ReadOnlySpan<float> values)
    {
        Backend.Write(Value, first, values);
        Version++;
    }

    /// <summary>Exchanges the value with what stands elsewhere.</summary>
    internal void Exchange(Storage other)
    {
        long count = Shape.Count;
        Storage between = Backend.Rent(count);
        Backend.Copy(Value, between, count);
        Backend.Copy(other, Value, count);
        Backend.Copy(between, other, count);
        Backend.Return(between);
        Version++;
    }

    internal void Set(ReadOnlySpan<double> values)
    {
        Backend.Write(Value, values);
        Version++;
    }
}
