using Engram.Autograd;
using Engram.Backends;

namespace Engram;

/// <content>How much a sequence changes from step to step.</content>
public static partial class Operations
{
    /// <summary>
    /// What the next real step has more: y_t = x_t' − x_t, t' the real step after t. The result's mask tells the steps that have a next; at the others it holds zeros.
    /// </summary>
    /// <param name="pass">The pass.</param>
    /// <param name="x">[batch, time, features]</param>
    /// <exception cref="ShapeException">x is not [batch, time, features].</exception>
    public static Tensor StepDifferences(this Pass pass, Tensor x) => StepDifferenceOp.Forward(pass, pass.Input(x));

    /// <summary>y_t = x_t' − x_t;  dx_t' += dy_t,  dx_t −= dy_t</summary>
    private sealed class StepDifferenceOp : Op
    {
        private Tensor _x, _y;
        private int[] _steps = [], _next = []; // rows of x as a table; −1 at steps without a next
        private int _count;

        private ReadOnlySpan<int> Steps => _steps.AsSpan(0, _count);

        private ReadOnlySpan<int> Next => _next.AsSpan(0, _count);

        public static Tensor Forward(Pass pass, Tensor x)
        {
            const string name = "step differences";
            using ProfileSpan span = pass.Measure(name, ProfileCategory.Activations);
            if (x.Shape.Rank != 3)
            {
                throw new ShapeException($"{name}: a tensor [batch, time, features] was expected, but it has {x.Shape}.");
            }
            StepDifferenceOp op = pass.Take<StepDifferenceOp>(); // also where no gradient is wanted: it holds the rows
            Tensor y = pass.Create(x.Shape, name, x.Body.NeedsGradient), steps = pass.Create(x.Shape, name, needsGradient: false);
            (op._x, op._y) = (x, y);
            y.Body.Mask = op.FindSteps(pass, x);
            int width = x.Shape[2];
            pass.Backend.GatherRows(x.Body.Storage!, width, op.Next, y.Body.Storage!);
            pass.Backend.GatherRows(x.Body.Storage!, width, op.Steps, steps.Body.Storage!);
            pass.Backend.Subtract(y.Body.Storage!, steps.Body.Storage!, y.Body.Storage!, y.Shape.Count);
            return y;
        }

        public override void Backward(Pass pass)
        {
            if (Pass.TryGradient(_y) is not { } dy)
            {
                return;
            }
            int width = _x.Shape[2];
            long count = _x.Shape.Count;
            (Storage target, bool accumulate) = pass.GradientOf(_x);
            if (!accumulate)
            {
                pass.Backend.Clear(target, count);
            }
            pass.Backend.ScatterRows(dy, width, Next, target);
            Storage negative = pass.Backend.Rent(count);
            pass.Backend.AddScaled(dy, -1, negative, count, accumulate: false);
            pass.Backend.ScatterRows(negative, width, Steps, target);
            pass.Backend.Return(negative);
        }

        public override void Forget() => (_x, _y, _count) = (default, default, 0);

        /// <summary>The real steps that have a next, and that one.</summary>
        /// <returns>The mask of the former.</returns>
        private SequenceMask FindSteps(Pass pass, Tensor x)
        {
            (int batch, int steps) = (x.Shape[0], x.Shape[1]);
            _count = checked(batch * steps);
            if (_steps.Length < _count)
            {
                (_steps, _next) = (new int[_count], new int[_count]);
            }
            SequenceMask mask = pass.NewMask();
            Span<bool> hasNext = mask.Begin(batch, steps);
            for (int row = 0; row < batch; row++)
            {
                int next = -1;
                for (int place = (row + 1) * steps - 1; place >= row * steps; place--)
                {
                    bool isReal = x.Mask is null || x.Mask.Pattern[place];
                    hasNext[place] = isReal && next >= 0;
                    (_steps[place], _next[place]) = hasNext[place] ? (place, next) : (-1, -1);
                    next = isReal ? place : next;
                }
            }
            mask.Complete();
            return mask;
        }
    }
}
