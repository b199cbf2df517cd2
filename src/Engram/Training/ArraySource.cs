using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Engram.Training;

/// <summary>Samples that lie in memory as arrays.</summary>
internal sealed class ArraySource : ISampleSource
{
    private readonly float[] _x;
    private readonly float[] _y;
    private readonly SequenceMask? _mask;

    /// <summary>Inputs alone, with the mask that tells which of their steps are real.</summary>
    public ArraySource(Tensor x, SequenceMask? mask = null)
    {
        if (x.Shape.Rank == 0)
        {
            throw new ShapeException("Inputs need a batch dimension; this tensor is a single number.");
        }
        _x = x.Body.Host ?? x.ToArray();
        if (mask is not null && (x.Shape.Rank < 2 || x.Shape[0] != mask.Batch || x.Shape[1] != mask.Steps))
        {
            throw new ShapeException(
                $"The mask is of {mask.Batch} sequences of {mask.Steps} steps, but x has shape {x.Shape}: give a mask with a row for every sample and a value for every step.");
        }
        _y = [];
        _mask = mask;
        Count = x.Shape[0];
        InputShape = x.Shape.WithoutFirst();
    }

    /// <summary>Inputs and targets.</summary>
    public ArraySource(Tensor x, Tensor y, SequenceMask? mask = null)
        : this(x, mask)
    {
        if (y.Shape.Rank == 0 || y.Shape[0] != x.Shape[0])
        {
            throw new ShapeException($"x has {x.Shape[0]} samples, shape {x.Shape}; y must have as many, but has shape {y.Shape}.");
        }
        _y = y.Body.Host ?? y.ToArray();
        TargetShape = y.Shape.WithoutFirst();
    }

    private ArraySource(float[] y, int count, Shape target) => (_x, _y, Count, InputShape, TargetShape) = ([], y, count, new Shape(0), target);

    /// <summary>Targets alone.</summary>
    public static ArraySource OfTargets(Tensor y) => y.Shape.Rank == 0
        ? throw new ShapeException("Targets need a batch dimension; this tensor is a single number.")
        : new ArraySource(y.Body.Host ?? y.ToArray(), y.Shape[0], y.Shape.WithoutFirst());

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

    /// <summary>Whether a mask was given, also one that leaves nothing out.</summary>
    public bool IsMasked => _mask is not null;

    public bool HasMask => _mask is { IsFull: false };

    public void ReadMask(ReadOnlySpan<int> samples, Span<bool> mask)
    {
        int steps = InputShape[0];
        for (int i = 0; i < samples.Length; i++)
        {
            _mask!.Pattern.Slice(samples[i] * steps, steps).CopyTo(mask[(i * steps)..]);
        }
    }

    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(_x.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(_y.AsSpan()));
        if (HasMask)
        {
            hash.AppendData(MemoryMarshal.AsBytes(_mask!.Pattern));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Gather(float[] source, int length, ReadOnlySpan<int> samples, Span<float> target)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            source.AsSpan(samples[i] * length, length).CopyTo(target[(i * length)..]);
        }
    }
}
