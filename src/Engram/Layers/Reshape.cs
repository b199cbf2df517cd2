using System.Text.Json;
using Engram.Layers;

namespace Engram;

/// <summary>The same numbers of every sample, in the same order, under another shape. A mask stays where the time axis does.</summary>
public sealed class Reshape : Layer
{
    private readonly int[] _sizes;

    /// <summary>The product of the sizes but −1.</summary>
    private readonly int _known;

    /// <summary>A layer that gives every sample a shape.</summary>
    /// <param name="sizes">
    /// One to three sizes, without the batch; one of them may be −1, which stands for whatever the number of elements leaves.
    /// </param>
    /// <exception cref="ArgumentException">Other sizes than these.</exception>
    public Reshape(params ReadOnlySpan<int> sizes)
    {
        if (sizes.Length is 0 or >= Shape.MaxRank || sizes.Count(-1) > 1 || sizes.ToArray().Any(size => size is 0 or < -1))
        {
            throw new ArgumentException($"A sample has one to {Shape.MaxRank - 1} sizes, each at least 1, one of which may be −1 and is then computed.", nameof(sizes));
        }
        _sizes = sizes.ToArray();
        double known = 1;
        foreach (int size in _sizes)
        {
            known *= Math.Max(1, size);
        }
        if (known > int.MaxValue)
        {
            throw new ArgumentException($"The shape [{string.Join(", ", _sizes)}] has more elements than a sample can have. Give smaller sizes.", nameof(sizes));
        }
        _known = (int)known;
    }

    /// <summary>The sizes, without the batch, as they were given.</summary>
    public IReadOnlyList<int> Sizes => _sizes;

    /// <inheritdoc/>
    public override string Kind => "reshape";

    /// <inheritdoc/>
    protected override Tensor Forward(Pass pass, Tensor input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return pass.Reshape(input, TargetFor(input.Shape.WithoutFirst())!.Value.Prepend(input.Shape[0]));
    }

    /// <inheritdoc/>
    protected override void CheckInput(Shape input)
    {
        if (input.Rank < 2 || TargetFor(input.WithoutFirst()) is null)
        {
            ThrowShape($"samples that fill the shape [{string.Join(", ", _sizes)}]", input);
        }
    }

    /// <inheritdoc/>
    protected internal override string? StreamingObstacle => "it rearranges whole samples";

    internal override bool NeedsAllSteps => true;

    private protected override Shape Plan(Shape input, WeightPlan weights) => TargetFor(input)!.Value;

    internal override void WriteOptions(Utf8JsonWriter json)
    {
        json.WriteStartArray("sizes");
        foreach (int size in _sizes)
        {
            json.WriteNumberValue(size);
        }
        json.WriteEndArray();
    }

    /// <summary>The sizes with −1 computed; null where the elements do not fill them.</summary>
    private Shape? TargetFor(Shape sample)
    {
        int open = Array.IndexOf(_sizes, -1);
        if (!sample.HasAtMost(int.MaxValue) || (open < 0 ? sample.Count != _known : sample.Count % _known != 0))
        {
            return null;
        }
        Span<int> sizes = stackalloc int[_sizes.Length];
        _sizes.CopyTo(sizes);
        if (open >= 0)
        {
            sizes[open] = (int)(sample.Count / _known);
        }
        return new Shape(sizes);
    }
}
