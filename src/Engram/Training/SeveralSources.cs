namespace Engram.Training;

/// <summary>Samples for a model with several inputs or outputs: a source for each of them.</summary>
internal sealed class SeveralSources : ISampleSource
{
    /// <summary>Arrays, and the masks of the inputs.</summary>
    public SeveralSources(IReadOnlyList<Tensor> x, IReadOnlyList<Tensor> y, IReadOnlyList<SequenceMask?>? masks)
    {
        if (x.Count == 0)
        {
            throw new ArgumentException("There is not one input.", nameof(x));
        }
        if (masks is not null && masks.Count != x.Count)
        {
            throw new ArgumentException($"There are {x.Count} inputs but {masks.Count} masks. Give one for each, null where all steps are real.", nameof(masks));
        }
        Inputs = [.. x.Select((tensor, i) => new ArraySource(tensor, masks?[i]))];
        Targets = [.. y.Select(tensor => new ArraySource(tensor))];
        foreach (ArraySource source in Inputs.Concat(Targets))
        {
            if (source.Count != Count)
            {
                throw new ShapeException($"The first input has {Count} samples, another input or target has {source.Count}; all must have as many.");
            }
        }
    }

    /// <summary>Each input's.</summary>
    public ArraySource[] Inputs { get; }

    /// <summary>Each target's, as if it were an input.</summary>
    public ArraySource[] Targets { get; }

    public int Count => Inputs[0].Count;

    /// <summary>The first input's.</summary>
    public Shape InputShape => Inputs[0].InputShape;

    /// <summary>The first target's.</summary>
    public Shape TargetShape => Targets.Length == 0 ? default : Targets[0].InputShape;

    public void Read(ReadOnlySpan<int> samples, Span<float> inputs, Span<float> targets) =>
        throw new NotSupportedException("These samples are for a model with several inputs or outputs.");
}
