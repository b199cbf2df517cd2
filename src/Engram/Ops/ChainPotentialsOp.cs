using Engram.Autograd;
using Engram.Backends;

namespace Engram;

/// <content>Potentials of chains of tags.</content>
public static partial class Operations
{
    /// <summary>
    /// Scores of pairs of neighbouring tags: e_t(j) + A(i, j), at the first real step e_t(j) + b(j) in every row i, and at the last c(j) besides. Emissions e
    /// [batch, time, tags], transitions A [tags, tags], start b and end c [tags] give [batch, time, tags, tags]; zeros at steps that a mask leaves out,
    /// over which the chain goes on from the real step before.
    /// </summary>
    /// <exception cref="ShapeException">The sizes do not fit.</exception>
    public static Tensor ChainPotentials(this Pass pass, Tensor emissions, Tensor transitions, Tensor start, Tensor end) =>
        ChainPotentialsOp.Forward(pass, pass.Input(emissions), new(pass.Input(transitions), pass.Input(start), pass.Input(end)));

    /// <summary>The equations stand with <see cref="Kernels.ChainPotentials{T}"/>.</summary>
    private sealed class ChainPotentialsOp : Op
    {
        private Tensor _emissions, _y;
        private ChainScores<Tensor> _scores;

        public static Tensor Forward(Pass pass, Tensor emissions, in ChainScores<Tensor> scores)
        {
            const string name = "chain potentials";
            using ProfileSpan span = pass.Measure(name, ProfileCategory.Activations);
            Shape e = emissions.Shape;
            if (e.Rank != 3 || scores.Transitions.Shape != new Shape(e[2], e[2]) || scores.Start.Shape != new Shape(e[2]) || scores.End.Shape != new Shape(e[2]))
            {
                throw new ShapeException(
                    $"{name}: emissions [batch, time, tags], transitions [tags, tags], start [tags] and end [tags] were expected, but they have {e}, {scores.Transitions.Shape}, {scores.Start.Shape} and {scores.End.Shape}.");
            }
            bool needsGradient = emissions.Body.NeedsGradient || scores.Transitions.Body.NeedsGradient || scores.Start.Body.NeedsGradient || scores.End.Body.NeedsGradient;
            Tensor y = pass.Create(new Shape(e[0], e[1], e[2], e[2]), name, needsGradient);
            var arrays = new ChainScores<Storage>(scores.Transitions.Body.Storage!, scores.Start.Body.Storage!, scores.End.Body.Storage!);
            pass.Backend.ChainPotentials(emissions.Body.Storage!, arrays, y.Shape, emissions.Mask, y.Body.Storage!);
            if (y.Body.NeedsGradient)
            {
                ChainPotentialsOp op = pass.Take<ChainPotentialsOp>();
                (op._emissions, op._scores, op._y) = (emissions, scores, y);
            }
            return pass.CarryMask(y, emissions);
        }

        public override void Backward(Pass pass)
        {
            if (Pass.TryGradient(_y) is { } dy)
            {
                var targets = new ChainScores<GradientTarget>(pass.GradientTarget(_scores.Transitions), pass.GradientTarget(_scores.Start), pass.GradientTarget(_scores.End));
                pass.Backend.ChainPotentialsBackward(dy, _y.Shape, _emissions.Mask, pass.GradientTarget(_emissions), targets);
            }
        }

        public override void Forget() => (_emissions, _scores, _y) = (default, default, default);
    }
}
