namespace Engram;

/// <summary>
/// Its inputs side by side along the last dimension: [..., a] and [..., b] to [..., a + b]. Real are the steps that are real in all.
/// </summary>
public sealed class Concatenate : MergeLayer
{
    /// <inheritdoc/>
    public override string Kind => "concatenate";

    private protected override Tensor Merge(Pass pass, ReadOnlySpan<Tensor> inputs) => pass.Concatenate(inputs);

    private protected override void RequireFit(Shape first, Shape input)
    {
        if (first.Rank < 2 || input.Rank != first.Rank || input.WithLast(1) != first.WithLast(1))
        {
            ThrowShape($"inputs that differ from the first, {first}, in the last dimension alone", input);
        }
    }

    private protected override Shape Merged(ReadOnlySpan<Shape> inputs)
    {
        int width = 0;
        foreach (Shape input in inputs)
        {
            width = checked(width + input[^1]);
        }
        return inputs[0].WithLast(width);
    }
}
