using Engram.Autograd;

namespace Engram;

/// <content>The same numbers under another shape.</content>
public static partial class Operations
{
    /// <summary>The same elements in the same order under another shape; nothing is copied. A mask stays where the first two sizes do.</summary>
    /// <exception cref="ShapeException">The number of elements differs.</exception>
    public static Tensor Reshape(this Pass pass, Tensor x, Shape shape)
    {
        using ProfileSpan span = pass.Measure("reshape", ProfileCategory.Copying);
        ArgumentNullException.ThrowIfNull(pass);
        x = pass.Input(x);
        if (x.Shape.Count != shape.Count)
        {
            throw new ShapeException($"reshape: {x.Shape} has {x.Shape.Count} elements, {shape} has {shape.Count}.");
        }
        Tensor y = pass.View(x, shape, "reshape");
        if (y.Body.NeedsGradient)
        {
            pass.Take<ReshapeOp>().Remember(x, y);
        }
        bool keepsTime = x.Shape.Rank >= 2 && shape.Rank >= 2 && x.Shape[0] == shape[0] && x.Shape[1] == shape[1];
        return keepsTime ? pass.CarryMask(y, x) : y;
    }

    private sealed class ReshapeOp : Op
    {
        private Tensor _x, _y;

        public void Remember(Tensor x, Tensor y) => (_x, _y) = (x, y);

        public override void Backward(Pass pass)
        {
            if (Pass.TryGradient(_y) is { } dy)
            {
                AddTo(pass, _x, dy, 1);
            }
        }

        public override void Forget() => (_x, _y) = (default, default);
    }
}
