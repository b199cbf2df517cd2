using Engram.Autograd;
using Engram.Backends;

namespace Engram;

/// <content>Mean and maximum over time.</content>
public static partial class Operations
{
    /// <summary>The mean over the real steps: [batch, time, features] gives [batch, features]; zeros for a sequence without real steps.</summary>
    /// <exception cref="ShapeException">x is not [batch, time, features].</exception>
    public static Tensor MeanOverTime(this Pass pass, Tensor x) => PoolTimeOp.Forward(pass, pass.Input(x), PoolingKind.Mean, "mean over time");

    /// <summary>
    /// The maximum over the real steps: [batch, time, features] gives [batch, features]; zeros for a sequence without real steps. The
    /// gradient goes to the first step that has the maximum.
    /// </summary>
    /// <exception cref="ShapeException">x is not [batch, time, features].</exception>
    public static Tensor MaxOverTime(this Pass pass, Tensor x) => PoolTimeOp.Forward(pass, pass.Input(x), PoolingKind.Max, "max over time");

    private sealed class PoolTimeOp : Op
    {
        private Tensor _x, _y;
        private PoolingKind _kind;

        public static Tensor Forward(Pass pass, Tensor x, PoolingKind kind, string name)
        {
            using ProfileSpan span = pass.Measure(name, ProfileCategory.Activations);
            if (x.Shape.Rank != 3)
            {
                throw new ShapeException($"{name}: a tensor [batch, time, features] was expected, but it has {x.Shape}.");
            }
            Tensor y = pass.Create(new Shape(x.Shape[0], x.Shape[2]), name, x.Body.NeedsGradient);
            pass.Backend.PoolTime(kind, x.Body.Storage!, x.Shape, x.Body.Mask, y.Body.Storage!);
            if (y.Body.NeedsGradient)
            {
                PoolTimeOp op = pass.Take<PoolTimeOp>();
                (op._x, op._y, op._kind) = (x, y, kind);
            }
            return y;
        }

        public override void Backward(Pass pass)
        {
            if (Pass.TryGradient(_y) is { } dy)
            {
                (Storage target, bool accumulate) = pass.GradientOf(_x);
                pass.Backend.PoolTimeBackward(_kind, _x.Body.Storage!, _y.Body.Storage!, dy, _x.Shape, _x.Body.Mask, target, accumulate);
            }
        }

        public override void Forget() => (_x, _y) = (default, default);
    }
}
