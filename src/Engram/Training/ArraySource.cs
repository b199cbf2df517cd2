namespace Engram.Training;

/// <summary>Samples that lie in memory as arrays.</summary>
internal sealed class ArraySource : ISampleSource
{
    private readonly float[] _x;
    private readonly float[] _y;

    /// <summary>Inputs alone.</summary>
    public ArraySource(Tensor x)
    {
        if (x.Shape.Rank == 0)
        {
            throw new ShapeException("Inputs need a batch dimension; this tensor is a single number.");
        }
        _x = x.Body.Host ?? x.ToArray();
        _y = [];
        Count = x.Shape[0];
        InputShape = x.Shape.WithoutFirst();
    }

    /// <summary>Inputs and targets.</summary>
    public ArraySource(Tensor x, Tensor y)
        : this(x)
    {
        if (y.Shape.Rank == 0 || y.Shape[0] != x.Shape[0])
        {
            throw new ShapeException($"x has {x.Shape[0]} samples, shape {x.Shape}; y must have as many, but has shape {y.Shape}.");
        }
        _y = y.Body.Host ?? y.ToArray();
        TargetShape = y.Shape.WithoutFirst();
    }

    public int Count { get; }

    public Shape InputShape { get; }

    public Shape TargetShape { get; }

    public void Read(ReadOnlySpan<int> samples, Span<float> inputs, Span<float> targets)
    {
        Gather(_x, (int)InputShape.Count, samples, inputs);
        if (targets.Length > 0)
        {
            Gather(_y, (int)TargetShape.Count, samples, targets);
        }
    }

    private static void Gather(float[] source, int length, ReadOnlySpan<int> samples, Span<float> target)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            source.AsSpan(samples[i] * length, length).CopyTo(target[(i * length)..]);
        }
    }
}
