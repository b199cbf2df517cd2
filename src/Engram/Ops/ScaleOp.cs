using Engram.Autograd;

namespace Engram;

/// <content>Product with a number.</content>
public static partial class Operations
{
    /// <summary>factor · x</summary>
    public static Tensor Scale(this Pass pass, Tensor x, double factor)
    {
        using ProfileSpan span = pass.Measure("scale", ProfileCategory.Activations);
        ArgumentNullException.ThrowIfNull(pass);
        x = pass.Input(x);
        Tensor y = pass.Create(x.Shape, "scale", x.Body.NeedsGradient);
        pass.Backend.AddScaled(x.Body.Storage!, factor, y.Body.Storage!, x.Shape.Count, accumulate: false);
        if (y.Body.NeedsGradient)
        {
            pass.Take<ScaleOp>().Remember(x, y, factor);
        }
        return pass.CarryMask(y, x);
    }

    /// <summary>y = factor · x;  dx = factor · dy</summary>
    private sealed class ScaleOp : Op
    {
        private Tensor _x, _y;
        private double _factor;

        public void Remember(Tensor x, Tensor y, double factor) => (_x, _y, _factor) = (x, y, factor);

        public override void Backward(Pass pass)
        {
            if (Pass.TryGradient(_y) is { } dy)
            {
                AddTo(pass, _x, dy, _factor);
            }
        }

        public override void Forget() => (_x, _y) = (default, default);
    }
}
