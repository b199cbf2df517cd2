namespace Engram.Layers;

/// <summary>
/// The weights that layers will have at inputs of given shapes, by name, before anything is allocated: what the tensors of a model
/// file are compared with.
/// </summary>
internal sealed class WeightPlan
{
    /// <summary>Elements of one sample, at most, in all places of a model together: zeros of these sizes run through it when it is built.</summary>
    private const int MostElements = 1 << 24;

    private readonly List<(string Name, Shape Shape)> _weights = [];
    private readonly Dictionary<string, Shape> _byName = new(StringComparer.Ordinal);
    private long _elements;

    /// <summary>Names and shapes, in the order in which layers make them.</summary>
    public IReadOnlyList<(string Name, Shape Shape)> Weights => _weights;

    /// <summary>Notes a weight array; that of a layer which is applied more than once, once.</summary>
    /// <exception cref="FormatException">The layer would need it in two sizes.</exception>
    public void Add(Layer layer, string role, params ReadOnlySpan<int> sizes)
    {
        (string name, Shape shape) = ($"{layer.Name}.{role}", new Shape(sizes));
        if (_byName.TryAdd(name, shape))
        {
            _weights.Add((name, shape));
        }
        else if (_byName[name] != shape)
        {
            throw new FormatException($"{name} would need the shapes {_byName[name]} and {shape}");
        }
    }

    /// <summary>Refuses a sample that has a size of zero, or makes the model too large.</summary>
    /// <returns>The sample's shape.</returns>
    /// <exception cref="FormatException">It does.</exception>
    public Shape RequireSample(Shape sample, string what)
    {
        long count = sample.Count;
        _elements += Math.Min(count, MostElements + 1L);
        return count >= 1 && _elements <= MostElements ? sample : throw new FormatException($"{what} has shape {sample}, which is out of range");
    }
}
