namespace Engram;

/// <summary>
/// The sum of its inputs, element by element, all of one shape: a residual connection, for one. Real are the steps that are real in all.
/// </summary>
public sealed class Add : MergeLayer
{
    /// <inheritdoc/>
    public override string Kind => "add";

    private protected override Tensor Merge(Pass pass, ReadOnlySpan<Tensor> inputs)
    {
        Tensor sum = pass.Input(inputs[0]);
        foreach (Tensor input in inputs[1..])
        {
            sum = pass.Add(sum, input);
        }
        return sum;
    }

    private protected override void RequireFit(Shape first, Shape input)
    {
        if (input != first)
        {
            ThrowShape($"inputs of the shape of the first, {first}", input);
        }
    }

    private protected override Shape Merged(ReadOnlySpan<Shape> inputs) => inputs[0];
}
