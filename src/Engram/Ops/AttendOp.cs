using Engram.Autograd;

namespace Engram;

/// <content>Attention over time.</content>
public static partial class Operations
{
    /// <summary>
    /// The mean of the values over the real steps, weighted by the softmax of scores over these:
    /// scores [batch, time] and values [batch, time, features] give [batch, features]; zeros for a sequence without real steps.
    /// Real are the steps that are real in both.
    /// </summary>
    /// <exception cref="ShapeException">Sizes do not fit.</exception>
    public static Tensor Attend(this Pass pass, Tensor scores, Tensor values) => AttendOp.Forward(pass, pass.Input(scores), pass.Input(values));

    private sealed class AttendOp : Op
    {
        private Tensor _scores, _values, _weights, _y;

        public static Tensor Forward(Pass pass, Tensor scores, Tensor values)
        {
            using ProfileSpan span = pass.Measure("attend", ProfileCategory.Activations);
            Shape shape = values.Shape;
            if (shape.Rank != 3 || scores.Shape != new Shape(shape[0], shape[1]))
            {
                throw new ShapeException($"attend: scores [batch, time] and values [batch, time, features] were expected, but they have {scores.Shape} and {shape}.");
            }
            Tensor y = pass.Create(new Shape(shape[0], shape[2]), "attend", scores.Body.NeedsGradient || values.Body.NeedsGradient);
            Tensor weights = pass.Create(scores.Shape, "attention weights", needsGradient: false);
            SequenceMask? mask = pass.CarryMask(pass.CarryMask(weights, scores), values).Body.Mask;
            pass.Backend.Attend(scores.Body.Storage!, values.Body.Storage!, shape, mask, weights.Body.Storage!, y.Body.Storage!);
            if (y.Body.NeedsGradient)
            {
                AttendOp op = pass.Take<AttendOp>();
                (op._scores, op._values, op._weights, op._y) = (scores, values, weights, y);
            }
            return y;
        }

        public override void Backward(Pass pass)
        {
            if (Pass.TryGradient(_y) is { } dy)
            {
                pass.Backend.AttendBackward(
                    _weights.Body.Storage!, _values.Body.Storage!, _y.Body.Storage!, dy, _values.Shape, pass.GradientTarget(_scores), pass.GradientTarget(_values));
            }
        }

        public override void Forget() => (_scores, _values, _weights, _y) = (default, default, default, default);
    }
}
