using Engram.Autograd;
using Engram.Backends;
using Engram.Layers;

namespace Engram;

/// <content>Matrix product with bias.</content>
public static partial class Operations
{
    /// <summary>
    /// x W + b over the last dimension: x [..., inputs], W [inputs, outputs], b [outputs] (optional) give [..., outputs].
    /// </summary>
    /// <exception cref="ShapeException">Sizes do not fit.</exception>
    public static Tensor Linear(this Pass pass, Tensor x, Tensor weights, Tensor bias = default) =>
        LinearOp.Forward(pass, pass.Input(x), pass.Input(weights), bias.Exists ? pass.Input(bias) : bias, null);

    /// <summary>The same with a packed form of the weights that is kept from pass to pass.</summary>
    internal static Tensor Linear(this Pass pass, Tensor x, Tensor weights, Tensor bias, PackedCache packed) =>
        LinearOp.Forward(pass, pass.Input(x), weights, bias, packed);

    /// <summary>
    /// <code>  y = x W + b      dx = dy Wᵀ      dW = xᵀ dy      db = Σ dy over rows</code>
    /// </summary>
    private sealed class LinearOp : Op
    {
        private Tensor _x, _weights, _bias, _y;
        private PackedCache? _packed;

        public static Tensor Forward(Pass pass, Tensor x, Tensor weights, Tensor bias, PackedCache? packed)
        {
            RequireFit(x.Shape, weights.Shape, bias.Exists ? bias.Shape : null);
            int outputs = weights.Shape[1];
            bool needsGradient = x.Body.NeedsGradient || weights.Body.NeedsGradient || (bias.Exists && bias.Body.NeedsGradient);
            Tensor y = pass.Create(x.Shape.WithLast(outputs), "linear", needsGradient);
            PackedMatrix matrix = packed?.Get(pass, weights) ?? pass.Backend.Pack(weights.Body.Storage!, weights.Shape[0], outputs, transpose: false, reuse: null);
            pass.Backend.Multiply(x.Body.Storage!, x.Shape.Rows, matrix, bias.Exists ? bias.Body.Storage : null, y.Body.Storage!, accumulate: false);
            if (y.Body.NeedsGradient)
            {
                LinearOp op = pass.Take<LinearOp>();
                (op._x, op._weights, op._bias, op._y, op._packed) = (x, weights, bias, y, packed);
            }
            return x.Shape.Rank == 2 ? y : pass.CarryMask(y, x); // a product over the second dimension of two leaves no time
        }

        public override void Backward(Pass pass)
        {
            if (Pass.TryGradient(_y) is not { } dy)
            {
                return;
            }
            int rows = _x.Shape.Rows, inputs = _weights.Shape[0], outputs = _weights.Shape[1];
            if (_weights.Body.NeedsGradient)
            {
                (Storage target, bool accumulate) = pass.GradientOf(_weights);
                pass.Backend.MultiplyTransposed(_x.Body.Storage!, dy, rows, inputs, outputs, target, accumulate);
            }
            if (_bias.Exists && _bias.Body.NeedsGradient)
            {
                (Storage target, bool accumulate) = pass.GradientOf(_bias);
                pass.Backend.SumRows(dy, rows, outputs, target, accumulate);
            }
            if (_x.Body.NeedsGradient)
            {
                (Storage target, bool accumulate) = pass.GradientOf(_x);
                PackedMatrix transposed = _packed?.GetTransposed(pass, _weights)
                    ?? pass.Backend.Pack(_weights.Body.Storage!, inputs, outputs, transpose: true, reuse: null);
                pass.Backend.Multiply(dy, rows, transposed, null, target, accumulate);
            }
        }

        public override void Forget() => (_x, _weights, _bias, _y, _packed) = (default, default, default, default, null);

        private static void RequireFit(Shape x, Shape weights, Shape? bias)
        {
            if (x.Rank == 0 || weights.Rank != 2 || x[^1] != weights[0] || (bias is { } b && (b.Rank != 1 || b[0] != weights[1])))
            {
                throw new ShapeException(
                    $"linear: x [..., inputs], weights [inputs, outputs] and bias [outputs] were expected, but they have {x}, {weights} and {bias?.ToString() ?? "none"}.");
            }
        }
    }
}
