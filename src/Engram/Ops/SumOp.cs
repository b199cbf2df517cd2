using Engram.Autograd;
using Engram.Backends;

namespace Engram;

/// <content>Sum and mean of all elements.</content>
public static partial class Operations
{
    /// <summary>The sum of all elements, of rank 0. It does not look at a mask: padding counts as what it holds.</summary>
    public static Tensor Sum(this Pass pass, Tensor x) => SumOp.Forward(pass, x, 1, "sum");

    /// <summary>The mean of all elements, of rank 0. It does not look at a mask: padding counts like any other step.</summary>
    public static Tensor Mean(this Pass pass, Tensor x) => SumOp.Forward(pass, x, 1.0 / x.Shape.Count, "mean");

    /// <summary>y = factor · Σ x;  dx = factor · dy everywhere</summary>
    private sealed class SumOp : Op
    {
        private Tensor _x, _y;
        private double _factor;

        public static Tensor Forward(Pass pass, Tensor x, double factor, string name)
        {
            using ProfileSpan span = pass.Measure(name, ProfileCategory.Activations);
            x = pass.Input(x);
            Tensor y = pass.Create(default, name, x.Body.NeedsGradient);
            pass.Backend.Fill(y.Body.Storage!, factor * pass.Backend.Sum(x.Body.Storage!, x.Shape.Count), 1, accumulate: false);
            if (y.Body.NeedsGradient)
            {
                SumOp op = pass.Take<SumOp>();
                (op._x, op._y, op._factor) = (x, y, factor);
            }
            return y;
        }

        public override void Backward(Pass pass)
        {
            if (Pass.TryGradient(_y) is { } dy)
            {
                Span<double> upstream = stackalloc double[1];
                pass.Backend.Read(dy, upstream);
                (Storage target, bool accumulate) = pass.GradientOf(_x);
                pass.Backend.Fill(target, _factor * upstream[0], _x.Shape.Count, accumulate);
            }
        }

        public override void Forget() => (_x, _y) = (default, default);
    }
}
