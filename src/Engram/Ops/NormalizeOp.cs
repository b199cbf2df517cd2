using Engram.Autograd;

namespace Engram;

/// <content>Layer normalisation.</content>
public static partial class Operations
{
    /// <summary>
    /// γ ⊙ (x − μ) / √(σ² + ε) + β, where μ and σ² are mean and variance over the last dimension of x (Ba et al. 2016).
    /// </summary>
    /// <param name="pass">The pass.</param>
    /// <param name="x">[..., features]</param>
    /// <param name="scale">γ [features]</param>
    /// <param name="shift">β [features]</param>
    /// <param name="epsilon">ε, above 0; keeps rows of equal elements from dividing by zero.</param>
    /// <exception cref="ShapeException">Sizes do not fit.</exception>
    public static Tensor Normalize(this Pass pass, Tensor x, Tensor scale, Tensor shift, double epsilon = 1e-3)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(epsilon);
        return NormalizeOp.Forward(pass, pass.Input(x), pass.Input(scale), pass.Input(shift), epsilon);
    }

    private sealed class NormalizeOp : Op
    {
        private Tensor _x, _scale, _shift, _normalized, _inverseDeviation, _y;

        public static Tensor Forward(Pass pass, Tensor x, Tensor scale, Tensor shift, double epsilon)
        {
            using ProfileSpan span = pass.Measure("normalize", ProfileCategory.Activations);
            if (x.Shape.Rank == 0 || scale.Shape != new Shape(x.Shape[^1]) || shift.Shape != scale.Shape)
            {
                throw new ShapeException($"normalize: x [..., features], scale and shift [features] were expected, but they have {x.Shape}, {scale.Shape} and {shift.Shape}.");
            }
            int rows = x.Shape.Rows, columns = x.Shape[^1];
            Tensor y = pass.Create(x.Shape, "normalize", x.Body.NeedsGradient || scale.Body.NeedsGradient || shift.Body.NeedsGradient);
            bool needsGradient = y.Body.NeedsGradient;
            Tensor normalized = needsGradient ? pass.Create(x.Shape, "normalized", needsGradient: false) : y;
            Tensor inverseDeviation = needsGradient ? pass.Create(new Shape(rows), "inverse deviation", needsGradient: false) : default;
            pass.Backend.Normalize(x.Body.Storage!, rows, columns, epsilon, normalized.Body.Storage!, needsGradient ? inverseDeviation.Body.Storage : null);
            pass.Backend.ScaleAndShift(normalized.Body.Storage!, rows, columns, scale.Body.Storage!, shift.Body.Storage!, y.Body.Storage!);
            if (needsGradient)
            {
                NormalizeOp op = pass.Take<NormalizeOp>();
                (op._x, op._scale, op._shift) = (x, scale, shift);
                (op._normalized, op._inverseDeviation, op._y) = (normalized, inverseDeviation, y);
            }
            return x.Shape.Rank == 2 ? y : pass.CarryMask(y, x); // statistics over the second dimension of two mix its steps
        }

        public override void Backward(Pass pass)
        {
            if (Pass.TryGradient(_y) is { } dy)
            {
                pass.Backend.NormalizeBackward(
                    _normalized.Body.Storage!, _inverseDeviation.Body.Storage!, _scale.Body.Storage!, dy, _x.Shape.Rows, _x.Shape[^1],
                    pass.GradientTarget(_x), pass.GradientTarget(_scale), pass.GradientTarget(_shift));
            }
        }

        public override void Forget() => _x = _scale = _shift = _normalized = _inverseDeviation = _y = default;
    }
}
