using Engram.Autograd;
using Engram.Backends;

namespace Engram;

/// <content>One vector at every step.</content>
public static partial class Operations
{
    /// <summary>The same vector at every step: [batch, features] gives [batch, steps, features].</summary>
    /// <exception cref="ShapeException">x is not [batch, features].</exception>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one step.</exception>
    public static Tensor Repeat(this Pass pass, Tensor x, int steps)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return RepeatOp.Forward(pass, pass.Input(x), steps);
    }

    /// <summary>y_t = x;  dx = Σ_t dy_t</summary>
    private sealed class RepeatOp : Op
    {
        private Tensor _x, _y;

        public static Tensor Forward(Pass pass, Tensor x, int steps)
        {
            using ProfileSpan span = pass.Measure("repeat", ProfileCategory.Copying);
            if (x.Shape.Rank != 2)
            {
                throw new ShapeException($"repeat: a tensor [batch, features] was expected, but it has {x.Shape}.");
            }
            int features = x.Shape[1];
            Tensor y = pass.Create(new Shape(x.Shape[0], steps, features), "repeat", x.Body.NeedsGradient);
            for (int t = 0; t < steps; t++)
            {
                pass.Backend.CopyBlock(
                    new Block(x.Body.Storage!, features, 0), new Block(y.Body.Storage!, checked(steps * features), t * features), x.Shape[0], features, accumulate: false);
            }
            if (y.Body.NeedsGradient)
            {
                RepeatOp op = pass.Take<RepeatOp>();
                (op._x, op._y) = (x, y);
            }
            return y;
        }

        public override void Backward(Pass pass)
        {
            if (Pass.TryGradient(_y) is not { } dy)
            {
                return;
            }
            (Storage target, bool accumulate) = pass.GradientOf(_x);
            int steps = _y.Shape[1], features = _y.Shape[2];
            for (int t = 0; t < steps; t++)
            {
                pass.Backend.CopyBlock(
                    new Block(dy, steps * features, t * features), new Block(target, features, 0), _x.Shape[0], features, accumulate || t > 0);
            }
        }

        public override void Forget() => (_x, _y) = (default, default);
    }
}
