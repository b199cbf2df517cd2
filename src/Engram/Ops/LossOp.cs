using Engram.Autograd;
using Engram.Backends;

namespace Engram;

/// <content>Losses.</content>
public static partial class Operations
{
    /// <summary>The mean of a loss over all steps that are real, of rank 0; the target's shape has been checked.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="spec">The loss.</param>
    /// <param name="predicted">What the model puts out.</param>
    /// <param name="target">What it should.</param>
    /// <param name="name">The loss's name.</param>
    /// <param name="isSpent">Whether nothing else reads the prediction, so that the gradient may take its memory.</param>
    internal static Tensor Loss(this Pass pass, LossSpec spec, Tensor predicted, Tensor target, string name, bool isSpent = false) =>
        LossOp.Forward(pass, spec, pass.Input(predicted), pass.Input(target), name, isSpent);

    /// <summary>L = mean ℓ(p, t);  dp = dL · ∂(mean ℓ)/∂p, computed on the way forward.</summary>
    private sealed class LossOp : Op
    {
        private Tensor _predicted, _loss, _slope;

        public static Tensor Forward(Pass pass, LossSpec spec, Tensor predicted, Tensor target, string name, bool isSpent)
        {
            using ProfileSpan span = pass.Measure(name, ProfileCategory.Loss);
            Tensor loss = pass.Create(default, name, predicted.Body.NeedsGradient);
            bool needsGradient = loss.Body.NeedsGradient;
            Tensor slope = !needsGradient ? default
                : isSpent && spec.WritesInPlace ? pass.View(predicted, predicted.Shape, "slope")
                : pass.Create(predicted.Shape, "slope", needsGradient: false);
            LossArguments arguments = Arguments(spec, predicted, target, needsGradient ? slope.Body.Storage : null);
            if (spec.Target is TargetForm.ClassId or TargetForm.Shares && pass.Backend.FindBadTarget(spec, arguments) is var (row, value))
            {
                throw BadTarget(pass, spec, name, predicted.Shape, arguments.Rows, row, value);
            }
            pass.Backend.Fill(loss.Body.Storage!, pass.Backend.Loss(spec, arguments), 1, accumulate: false);
            if (needsGradient)
            {
                LossOp op = pass.Take<LossOp>();
                (op._predicted, op._loss, op._slope) = (predicted, loss, slope);
            }
            return loss;
        }

        public override void Backward(Pass pass)
        {
            if (Pass.TryGradient(_loss) is { } dLoss)
            {
                Span<double> upstream = stackalloc double[1];
                pass.Backend.Read(dLoss, upstream);
                pass.HandOver(_slope, _predicted, upstream[0]);
            }
        }

        public override void Forget() => (_predicted, _loss, _slope) = (default, default, default);

        private static LossArguments Arguments(LossSpec spec, Tensor predicted, Tensor target, Storage? gradient)
        {
            Shape shape = predicted.Shape;
            SequenceMask? mask = predicted.Mask;
            // Without a feature dimension every element is a row.
            bool single = spec.IsElementwise && (shape.Rank < 2 || (shape.Rank == 2 && mask is not null));
            (int rows, int columns) = single ? (checked((int)shape.Count), 1) : (shape.Rows, shape[^1]);
            int targetColumns = spec.Target switch
            {
                TargetForm.ClassId => 1,
                TargetForm.Values => columns / spec.OutputsPerValue,
                _ => columns,
            };
            bool masked = mask is not null && rows > 0 && (single || shape.Rank > 2);
            return new LossArguments(
                predicted.Body.Storage!, target.Body.Storage!, rows, columns, targetColumns, masked ? mask!.Pattern : [], gradient);
        }

        private static ArgumentException BadTarget(Pass pass, LossSpec spec, string name, Shape predicted, int rows, int row, double value)
        {
            string rule = spec.Target == TargetForm.Shares
                ? "but targets are shares from 0 to 1. Write no as 0 and yes as 1, or choose a loss for numbers."
                : $"which is no class. The model puts out {predicted[^1]} classes, so targets are whole numbers from 0 to {predicted[^1] - 1}. Number the classes so, make the last layer larger, or mask steps that have none.";
            return new ArgumentException(string.Create(
                System.Globalization.CultureInfo.InvariantCulture, $"{name}: the target of {pass.PlaceOf(row, rows, predicted.Rank == 0 ? 1 : predicted[0])} is {value}, {rule}"));
        }
    }
}
