namespace Engram;

/// <content>
/// How masks travel. An operation that works on every step by itself hands its input's mask on; of two inputs with masks, the steps
/// that are real in both. An operation that consumes or rearranges the time axis gives a result without a mask.
/// </content>
public static partial class Operations
{
    /// <summary>
    /// The same numbers with a mask that tells which steps are real; nothing is copied. Where padding holds what is no finite number, clear it first:
    /// no loss sees it, but a gradient of weights that meet it step by step, as those of <see cref="Dense"/>, would be NaN. <c>Fit</c>, <c>Predict</c> and
    /// <c>Evaluate</c> clear it by themselves.
    /// </summary>
    /// <param name="pass">The pass.</param>
    /// <param name="x">[batch, time, …]</param>
    /// <param name="mask">Replaces the mask that x may have; null takes it away.</param>
    /// <exception cref="ShapeException">The mask is of another number of sequences or steps.</exception>
    public static Tensor Masked(this Pass pass, Tensor x, SequenceMask? mask)
    {
        using ProfileSpan span = pass.Measure("masked", ProfileCategory.Copying);
        ArgumentNullException.ThrowIfNull(pass);
        x = pass.Input(x);
        if (mask is not null && (x.Shape.Rank < 2 || x.Shape[0] != mask.Batch || x.Shape[1] != mask.Steps))
        {
            throw new ShapeException(
                $"masked: a mask of {mask.Batch} sequences of {mask.Steps} steps goes with a tensor [{mask.Batch}, {mask.Steps}, …], but this one has shape {x.Shape}.");
        }
        Tensor y = pass.View(x, x.Shape, "masked");
        y.Body.Mask = mask;
        if (y.Body.NeedsGradient)
        {
            pass.Take<ReshapeOp>().Remember(x, y);
        }
        return y;
    }

    /// <summary>Hands the mask of an operation's input on to its result, whose first two sizes are the input's.</summary>
    /// <returns>The result.</returns>
    internal static Tensor CarryMask(this Pass pass, Tensor y, Tensor x)
    {
        if (x.Body.Mask is { } mask)
        {
            y.Body.Mask = y.Body.Mask is { } other && other != mask ? And(pass, other, mask) : mask;
        }
        return y;
    }

    private static SequenceMask And(Pass pass, SequenceMask a, SequenceMask b)
    {
        SequenceMask both = pass.NewMask();
        Span<bool> real = both.Begin(a.Batch, a.Steps);
        ReadOnlySpan<bool> left = a.Pattern, right = b.Pattern;
        for (int i = 0; i < real.Length; i++)
        {
            real[i] = left[i] && right[i];
        }
        both.Complete();
        return both;
    }
}
