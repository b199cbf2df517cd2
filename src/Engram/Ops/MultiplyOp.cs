using Engram.Autograd;
using Engram.Backends;

namespace Engram;

/// <content>Elementwise product.</content>
public static partial class Operations
{
    /// <summary>a ⊙ b, element by element; both of one shape.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor Multiply(this Pass pass, Tensor a, Tensor b) => MultiplyOp.Forward(pass, a, b, "multiply");

    /// <summary>y = a ⊙ b;  da = dy ⊙ b,  db = dy ⊙ a</summary>
    private sealed class MultiplyOp : Op
    {
        private Tensor _a, _b, _y;

        public static Tensor Forward(Pass pass, Tensor a, Tensor b, string name)
        {
            using ProfileSpan span = pass.Measure(name, ProfileCategory.Activations);
            (a, b) = (pass.Input(a), pass.Input(b));
            RequireSameShape(name, a, b);
            Tensor y = pass.Create(a.Shape, name, a.Body.NeedsGradient || b.Body.NeedsGradient);
            pass.Backend.Multiply(a.Body.Storage!, b.Body.Storage!, y.Body.Storage!, a.Shape.Count, accumulate: false);
            if (y.Body.NeedsGradient)
            {
                MultiplyOp op = pass.Take<MultiplyOp>();
                (op._a, op._b, op._y) = (a, b, y);
            }
            return pass.CarryMask(pass.CarryMask(y, a), b);
        }

        public override void Backward(Pass pass)
        {
            if (Pass.TryGradient(_y) is { } dy)
            {
                Into(pass, _a, dy, _b);
                Into(pass, _b, dy, _a);
            }
        }

        public override void Forget() => (_a, _b, _y) = (default, default, default);

        private static void Into(Pass pass, Tensor input, Storage dy, Tensor other)
        {
            if (input.Body.NeedsGradient)
            {
                (Storage target, bool accumulate) = pass.GradientOf(input);
                pass.Backend.Multiply(dy, other.Body.Storage!, target, input.Shape.Count, accumulate);
            }
        }
    }
}
