using System.Runtime.InteropServices;
using Engram.Autograd;
using Engram.Backends;

namespace Engram;

/// <content>Tensors side by side.</content>
public static partial class Operations
{
    /// <summary>Tensors side by side along the last dimension: [..., a] and [..., b] give [..., a + b].</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    /// <exception cref="ShapeException">They differ in another dimension than the last.</exception>
    public static Tensor Concatenate(this Pass pass, params ReadOnlySpan<Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(pass);
        return inputs.IsEmpty ? throw new ArgumentException("There is nothing to concatenate.", nameof(inputs)) : ConcatenateOp.Forward(pass, inputs);
    }

    /// <summary>y = (x₁, x₂, …);  dxᵢ = the columns of dy that xᵢ stands in</summary>
    private sealed class ConcatenateOp : Op
    {
        private readonly List<Tensor> _inputs = [];
        private Tensor _y;

        public static Tensor Forward(Pass pass, ReadOnlySpan<Tensor> inputs)
        {
            using ProfileSpan span = pass.Measure("concatenate", ProfileCategory.Copying);
            ConcatenateOp op = pass.Take<ConcatenateOp>(); // also where no gradient is wanted: it holds the inputs
            int width = 0;
            bool needsGradient = false;
            foreach (Tensor given in inputs)
            {
                Tensor input = pass.Input(given);
                op._inputs.Add(input);
                Shape first = op._inputs[0].Shape;
                if (first.Rank == 0 || input.Shape.Rank != first.Rank || input.Shape.WithLast(1) != first.WithLast(1))
                {
                    throw new ShapeException($"concatenate: the tensors may differ in their last dimension alone, but they have {first} and {input.Shape}.");
                }
                width = checked(width + input.Shape[^1]);
                needsGradient |= input.Body.NeedsGradient;
            }
            Tensor y = op._y = pass.Create(op._inputs[0].Shape.WithLast(width), "concatenate", needsGradient);
            int at = 0;
            foreach (Tensor input in CollectionsMarshal.AsSpan(op._inputs))
            {
                int columns = input.Shape[^1];
                pass.Backend.CopyBlock(
                    new Block(input.Body.Storage!, columns, 0), new Block(y.Body.Storage!, width, at), y.Shape.Rows, columns, accumulate: false);
                at += columns;
                if (y.Shape.Rank > 2)
                {
                    pass.CarryMask(y, input);
                }
            }
            return y;
        }

        public override void Backward(Pass pass)
        {
            if (Pass.TryGradient(_y) is not { } dy)
            {
                return;
            }
            int at = 0;
            foreach (Tensor input in CollectionsMarshal.AsSpan(_inputs))
            {
                int columns = input.Shape[^1];
                if (input.Body.NeedsGradient)
                {
                    (Storage target, bool accumulate) = pass.GradientOf(input);
                    pass.Backend.CopyBlock(new Block(dy, _y.Shape[^1], at), new Block(target, columns, 0), _y.Shape.Rows, columns, accumulate);
                }
                at += columns;
            }
        }

        public override void Forget()
        {
            _inputs.Clear();
            _y = default;
        }
    }
}
