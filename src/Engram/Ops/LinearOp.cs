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
        LinearOp.Forward(pass, pass.Input(x), pass.Input(weights), bias.Exists ? pass.Input(bias) : bias, null, transposed: false);

    /// <summary>
    /// The same with a packed form of the weights that is kept from pass to pass. The rows of the weights are all dimensions but the
    /// last; with <paramref name="transposed"/> it is x Wᵀ + b.
    /// </summary>
    internal static Tensor Linear(this Pass pass, Tensor x, Tensor weights, Tensor bias, PackedCache packed, bool transposed = false) =>
        LinearOp.Forward(pass, pass.Input(x), weights, bias, packed, transposed);

    /// <summary>
    /// <code>
    ///   y = x W  + b      dx = dy Wᵀ      dW = xᵀ dy      db = Σ dy over rows
    ///   y = x Wᵀ + b      dx = dy W       dW = dyᵀ x
    /// </code>
    /// </summary>
    private sealed class LinearOp : Op
    {
        /// <summary>Rows for which weights that are trained, and so change at every step, are packed little by little, instead of whole and for keeps.</summary>
        private const int WorthRepacking = 256;

        private Tensor _x, _weights, _bias, _y;
        private PackedCache? _packed;
        private bool _transposed;

        public static Tensor Forward(Pass pass, Tensor x, Tensor weights, Tensor bias, PackedCache? packed, bool transposed)
        {
            using ProfileSpan span = pass.Measure("linear", ProfileCategory.Products);
            RequireFit(x.Shape, weights.Shape, bias.Exists ? bias.Shape : null, packed is not null, transposed);
            int outputs = transposed ? weights.Shape.Rows : weights.Shape[^1];
            bool needsGradient = x.Body.NeedsGradient || weights.Body.NeedsGradient || (bias.Exists && bias.Body.NeedsGradient);
            Tensor y = pass.Create(x.Shape.WithLast(outputs), "linear", needsGradient);
            Multiply(pass, x.Body.Storage!, x.Shape.Rows, weights, packed, transposed, bias.Exists ? bias.Body.Storage : null, y.Body.Storage!, accumulate: false);
            if (y.Body.NeedsGradient)
            {
                LinearOp op = pass.Take<LinearOp>();
                (op._x, op._weights, op._bias, op._y, op._packed, op._transposed) = (x, weights, bias, y, packed, transposed);
            }
            return x.Shape.Rank == 2 ? y : pass.CarryMask(y, x); // a product over the second dimension of two leaves no time
        }

        public override void Backward(Pass pass)
        {
            if (Pass.TryGradient(_y) is not { } dy)
            {
                return;
            }
            int rows = _x.Shape.Rows, inputs = _x.Shape[^1], outputs = _y.Shape[^1];
            GradientTarget weights = pass.GradientTarget(_weights), bias = pass.GradientTarget(_bias);
            if (weights.Storage is not null && !_transposed)
            {
                pass.Backend.MultiplyTransposed(_x.Body.Storage!, dy, rows, inputs, outputs, weights, bias);
                bias = default;
            }
            else if (weights.Storage is not null)
            {
                pass.Backend.MultiplyTransposed(dy, _x.Body.Storage!, rows, outputs, inputs, weights);
            }
            if (bias.Storage is not null)
            {
                pass.Backend.SumRows(dy, rows, outputs, bias.Storage, bias.Accumulate);
            }
            if (_x.Body.NeedsGradient)
            {
                (Storage target, bool accumulate) = pass.GradientOf(_x);
                Multiply(pass, dy, rows, _weights, _packed, !_transposed, null, target, accumulate);
            }
        }

        public override void Forget() => (_x, _weights, _bias, _y, _packed) = (default, default, default, default, null);

        /// <summary>c (+)= a W + bias, or a Wᵀ + bias.</summary>
        private static void Multiply(Pass pass, Storage a, int rows, Tensor weights, PackedCache? packed, bool transpose, Storage? bias, Storage c, bool accumulate)
        {
            bool isForOnce = pass.InitialWeights is not null || (weights.Body.NeedsGradient && rows >= WorthRepacking);
            if (packed is null || isForOnce)
            {
                pass.Backend.Multiply(a, rows, weights.Body.Storage!, weights.Shape.Rows, weights.Shape[^1], transpose, bias, c, accumulate);
            }
            else
            {
                pass.Backend.Multiply(a, rows, transpose ? packed.GetTransposed(pass, weights) : packed.Get(pass, weights), bias, c, accumulate);
            }
        }

        private static void RequireFit(Shape x, Shape weights, Shape? bias, bool ofLayer, bool transposed)
        {
            bool isMatrix = weights.Rank == 2 || (ofLayer && weights.Rank > 2);
            (int inputs, int outputs) = !isMatrix ? (0, 0) : transposed ? (weights[^1], weights.Rows) : (weights.Rows, weights[^1]);
            if (x.Rank == 0 || !isMatrix || x[^1] != inputs || (bias is { } b && (b.Rank != 1 || b[0] != outputs)))
            {
                throw new ShapeException(
                    $"linear: x [..., inputs], weights [inputs, outputs] and bias [outputs] were expected, but they have {x}, {weights} and {bias?.ToString() ?? "none"}.");
            }
        }
    }
}
