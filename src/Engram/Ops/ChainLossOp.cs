using Engram.Autograd;
using Engram.Backends;

namespace Engram;

/// <content>The loss of chains of tags.</content>
public static partial class Operations
{
    /// <summary>Σ (log Z − s(y)) over the sequences, divided by the number of real steps, of rank 0; shapes have been checked.</summary>
    internal static Tensor ChainLoss(this Pass pass, Tensor potentials, Tensor paths, string name) => ChainLossOp.Forward(pass, pass.Input(potentials), pass.Input(paths), name);

    /// <summary>The equations stand with <see cref="Kernels.LinearChain{T, L}"/>; the gradient is computed on the way forward.</summary>
    private sealed class ChainLossOp : Op
    {
        private static readonly LossSpec _ids = new(LossKind.SparseCrossEntropy) { Target = TargetForm.ClassId };

        private Tensor _potentials, _loss, _slope;

        public static Tensor Forward(Pass pass, Tensor potentials, Tensor paths, string name)
        {
            using ProfileSpan span = pass.Measure(name, ProfileCategory.Loss);
            Shape shape = potentials.Shape;
            RequireTags(pass, potentials, paths, name);
            long steps = potentials.Mask is { } mask ? mask.RealCount : (long)shape[0] * shape[1];
            Tensor loss = pass.Create(default, name, potentials.Body.NeedsGradient);
            Tensor slope = loss.Body.NeedsGradient ? pass.Create(shape, "slope", needsGradient: false) : default;
            double scale = 1.0 / Math.Max(1, steps);
            double sum = pass.Backend.ChainLoss(
                potentials.Body.Storage!, paths.Body.Storage, shape, potentials.Mask, scale, slope.Exists ? slope.Body.Storage : null);
            pass.Backend.Fill(loss.Body.Storage!, scale * sum, 1, accumulate: false);
            if (slope.Exists)
            {
                ChainLossOp op = pass.Take<ChainLossOp>();
                (op._potentials, op._loss, op._slope) = (potentials, loss, slope);
            }
            return loss;
        }

        public override void Backward(Pass pass)
        {
            if (Pass.TryGradient(_loss) is { } dLoss)
            {
                Span<double> upstream = stackalloc double[1];
                pass.Backend.Read(dLoss, upstream);
                pass.HandOver(_slope, _potentials, upstream[0]);
            }
        }

        public override void Forget() => (_potentials, _loss, _slope) = (default, default, default);

        private static void RequireTags(Pass pass, Tensor potentials, Tensor paths, string name)
        {
            Shape shape = potentials.Shape;
            var arguments = new LossArguments(
                potentials.Body.Storage!, paths.Body.Storage!, shape[0] * shape[1], shape[3], 1, potentials.Mask is { } mask ? mask.Pattern : [], null);
            if (pass.Backend.FindBadTarget(_ids, arguments) is var (row, value))
            {
                throw new ArgumentException(string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"{name}: the target of {pass.PlaceOf(row, shape[0] * shape[1], shape[0])} is {value}, which is no tag. There are {shape[3]} tags, so targets are whole numbers from 0 to {shape[3] - 1}. Number the tags so, or mask steps that have none."));
            }
        }
    }
}
