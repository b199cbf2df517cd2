using Engram.Autograd;
using Engram.Backends;

namespace Engram;

/// <content>Activations.</content>
public static partial class Operations
{
    /// <summary>σ(x) = 1 / (1 + e⁻ˣ), element by element.</summary>
    public static Tensor Sigmoid(this Pass pass, Tensor x) => Activate(pass, x, Activation.Sigmoid);

    /// <summary>tanh x, element by element.</summary>
    public static Tensor Tanh(this Pass pass, Tensor x) => Activate(pass, x, Activation.Tanh);

    /// <summary>max(0, x), element by element.</summary>
    public static Tensor ReLU(this Pass pass, Tensor x) => Activate(pass, x, Activation.ReLU);

    /// <summary>Softmax over the last dimension.</summary>
    public static Tensor Softmax(this Pass pass, Tensor x) => Activate(pass, x, Activation.Softmax);

    /// <summary>Any activation; <see cref="Activation.Linear"/> returns x itself.</summary>
    /// <exception cref="ShapeException">Softmax of a tensor of rank 0.</exception>
    public static Tensor Activate(this Pass pass, Tensor x, Activation activation)
    {
        ArgumentNullException.ThrowIfNull(pass);
        x = pass.Input(x);
        return activation == Activation.Linear ? x : ActivateOp.Forward(pass, x, activation);
    }

    /// <summary>y = φ(x);  dx = dy ⊙ φ'(x), which for every φ here follows from y alone.</summary>
    private sealed class ActivateOp : Op
    {
        private Tensor _x, _y;
        private Activation _activation;

        public static Tensor Forward(Pass pass, Tensor x, Activation activation)
        {
            using ProfileSpan span = pass.Measure("activate", ProfileCategory.Activations);
            Tensor y = pass.Create(x.Shape, Name(activation), x.Body.NeedsGradient);
            if (activation == Activation.Softmax)
            {
                if (x.Shape.Rank == 0)
                {
                    throw new ShapeException("softmax: the tensor must have at least one dimension.");
                }
                pass.Backend.Softmax(x.Body.Storage!, y.Body.Storage!, x.Shape.Rows, x.Shape[^1]);
            }
            else
            {
                pass.Backend.Activate(activation, x.Body.Storage!, y.Body.Storage!, x.Shape.Count);
            }
            if (y.Body.NeedsGradient)
            {
                ActivateOp op = pass.Take<ActivateOp>();
                (op._x, op._y, op._activation) = (x, y, activation);
            }
            bool alongTime = activation == Activation.Softmax && x.Shape.Rank == 2;
            return alongTime ? y : pass.CarryMask(y, x);
        }

        public override void Backward(Pass pass)
        {
            if (Pass.TryGradient(_y) is not { } dy)
            {
                return;
            }
            (Storage dx, bool accumulate) = pass.GradientOf(_x);
            if (_activation == Activation.Softmax)
            {
                pass.Backend.SoftmaxBackward(_y.Body.Storage!, dy, dx, _x.Shape.Rows, _x.Shape[^1], accumulate);
            }
            else
            {
                pass.Backend.ActivateBackward(_activation, _y.Body.Storage!, dy, dx, _x.Shape.Count, accumulate);
            }
        }

        public override void Forget() => (_x, _y) = (default, default);

        private static string Name(Activation activation) => activation switch
        {
            Activation.Sigmoid => "sigmoid",
            Activation.Tanh => "tanh",
            Activation.ReLU => "relu",
            Activation.Softmax => "softmax",
            _ => throw new ArgumentOutOfRangeException(nameof(activation), activation, "There is no such activation."),
        };
    }
}
