using Engram.Autograd;
using Engram.Backends;

namespace Engram;

/// <content>Elementwise losses.</content>
public static partial class Operations
{
    /// <summary>The mean of an elementwise loss, of rank 0.</summary>
    internal static Tensor ElementwiseLoss(this Pass pass, LossKind kind, double parameter, Tensor predicted, Tensor target, string name) =>
        LossOp.Forward(pass, kind, parameter, pass.Input(predicted), pass.Input(target), name);

    /// <summary>L = mean ℓ(p − t);  dp = dL · ℓ'(p − t) / count, computed on the way forward.</summary>
    private sealed class LossOp : Op
    {
        private Tensor _predicted, _loss, _slope;

        public static Tensor Forward(Pass pass, LossKind kind, double parameter, Tensor predicted, Tensor target, string name)
        {
            RequireSameShape(name, predicted, target);
            Tensor loss = pass.Create(default, name, predicted.Body.NeedsGradient);
            bool needsGradient = loss.Body.NeedsGradient;
            Tensor slope = needsGradient ? pass.Create(predicted.Shape, name + " slope", needsGradient: false) : default;
            double value = pass.Backend.Loss(
                kind, parameter, predicted.Body.Storage!, target.Body.Storage!, predicted.Shape.Count, needsGradient ? slope.Body.Storage : null);
            pass.Backend.Fill(loss.Body.Storage!, value, 1, accumulate: false);
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
                AddTo(pass, _predicted, _slope.Body.Storage!, upstream[0]);
            }
        }

        public override void Forget() => (_predicted, _loss, _slope) = (default, default, default);
    }
}
