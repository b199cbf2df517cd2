using Engram.Autograd;

namespace Engram;

/// <summary>The operations that layers and custom models are composed of. Every result belongs to the pass.</summary>
public static partial class Operations
{
    /// <summary>a + b, element by element; both of one shape.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor Add(this Pass pass, Tensor a, Tensor b) => AddOp.Forward(pass, a, b, 1);

    /// <summary>a − b, element by element; both of one shape.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public static Tensor Subtract(this Pass pass, Tensor a, Tensor b) => AddOp.Forward(pass, a, b, -1);

    /// <summary>y = a + sign · b</summary>
    private sealed class AddOp : Op
    {
        private Tensor _a, _b, _y;
        private double _sign;

        public static Tensor Forward(Pass pass, Tensor a, Tensor b, double sign)
        {
            using ProfileSpan span = pass.Measure("add", ProfileCategory.Activations);
            string name = sign > 0 ? "add" : "subtract";
            (a, b) = (pass.Input(a), pass.Input(b));
            RequireSameShape(name, a, b);
            Tensor y = pass.Create(a.Shape, name, a.Body.NeedsGradient || b.Body.NeedsGradient);
            if (sign > 0)
            {
                pass.Backend.Add(a.Body.Storage!, b.Body.Storage!, y.Body.Storage!, a.Shape.Count);
            }
            else
            {
                pass.Backend.Subtract(a.Body.Storage!, b.Body.Storage!, y.Body.Storage!, a.Shape.Count);
            }
            if (y.Body.NeedsGradient)
            {
                AddOp op = pass.Take<AddOp>();
                (op._a, op._b, op._y, op._sign) = (a, b, y, sign);
            }
            return pass.CarryMask(pass.CarryMask(y, a), b);
        }

        public override void Backward(Pass pass)
        {
            if (Pass.TryGradient(_y) is not { } dy)
            {
                return;
            }
            AddTo(pass, _a, dy, 1);
            AddTo(pass, _b, dy, _sign);
        }

        public override void Forget() => (_a, _b, _y) = (default, default, default);
    }

    private static void AddTo(Pass pass, Tensor input, Backends.Storage gradient, double factor)
    {
        if (input.Body.NeedsGradient)
        {
            (Backends.Storage target, bool accumulate) = pass.GradientOf(input);
            pass.Backend.AddScaled(gradient, factor, target, input.Shape.Count, accumulate);
        }
    }

    private static void RequireSameShape(string operation, Tensor a, Tensor b)
    {
        if (a.Shape != b.Shape)
        {
            throw new ShapeException($"{operation}: both tensors must have one shape, but they have {a.Shape} and {b.Shape}.");
        }
    }
}
