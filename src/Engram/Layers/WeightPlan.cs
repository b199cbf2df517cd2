namespace Engram.Layers;

/// <summary>
/// The shapes that layers will meet and the weights that they will have at inputs of given shapes, before anything is allocated: what the tensors of
/// a model file are compared with, and what the model is then built by.
/// </summary>
internal sealed class WeightPlan
{
    /// <summary>Elements of one sample, at most, in all places of a model together: what a file may ask of the first prediction.</summary>
    private const int MostElements = 1 << 24;

    private readonly List<(string Name, Shape Shape)> _weights = [];
    private readonly Dictionary<string, Shape> _byName = new(StringComparer.Ordinal);
    private readonly List<(Layer Layer, Shape Input, Shape Output)> _layers = [];
    private long _elements;

    /// <summary>Names and shapes, in the order in which layers make them.</summary>
    public IReadOnlyList<(string Name, Shape Shape)> Weights => _weights;

    /// <summary>Layers as they are applied, what one is made of before itself, with a sample of the first input and of the output.</summary>
    public IReadOnlyList<(Layer Layer, Shape Input, Shape Output)> Layers => _layers;

    /// <summary>Shapes of a sample in the places of the model: its inputs, then what its layers, or nodes, put out.</summary>
    public List<Shape> Places { get; } = [];

    /// <summary>Notes a layer that is applied.</summary>
    /// <returns>The output's shape.</returns>
    /// <exception cref="FormatException">A size of it is zero, or makes the model too large.</exception>
    public Shape Note(Layer layer, Shape input, Shape output)
    {
        RequireSample(output, $"the output of layer {layer.Name}");
        _layers.Add((layer, input, output));
        return output;
    }

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
