namespace Engram.Layers;

/// <summary>
/// The weights that layers will have at inputs of given shapes, by name, before anything is allocated: what the tensors of a model
/// file are compared with.
/// </summary>
internal sealed class WeightPlan
{
    /// <summary>Elements of one sample, at most, anywhere in a model of a file: one sample of zeros runs through it when it is built.</summary>
    private const int MostElements = 1 << 22;

    private readonly List<(string Name, Shape Shape)> _weights = [];

    /// <summary>Names and shapes, in the order in which layers make them.</summary>
    public IReadOnlyList<(string Name, Shape Shape)> Weights => _weights;

    /// <summary>Notes a weight array.</summary>
    public void Add(Layer layer, string role, params ReadOnlySpan<int> sizes) => _weights.Add(($"{layer.Name}.{role}", new Shape(sizes)));

    /// <summary>Refuses a sample that is too large, or has a size of zero.</summary>
    /// <returns>The sample's shape.</returns>
    /// <exception cref="FormatException">It is.</exception>
    public static Shape RequireSample(Shape sample, string what) =>
        sample.Count is >= 1 and <= MostElements ? sample : throw new FormatException($"{what} has shape {sample}, which is out of range");
}
