using Engram.Autograd;
using Engram.Backends;

namespace Engram;

/// <content>Windows over time.</content>
public static partial class Operations
{
    /// <summary>
    /// The windows over time side by side: x [batch, time, features] gives [batch, steps, size · features], the window's steps in order.
    /// Steps beyond the ends, and those that the mask leaves out, read as zeros. Where the output keeps the time axis it has x's
    /// mask; with <see cref="Padding.Valid"/> the windows are real whose every step is.
    /// </summary>
    /// <param name="pass">The pass.</param>
    /// <param name="x">[batch, time, features]</param>
    /// <param name="size">Steps that are read, at least 1.</param>
    /// <param name="dilation">Distance from each to the next, at least 1.</param>
    /// <param name="padding">What is read beyond the ends.</param>
    /// <exception cref="ShapeException">x is not [batch, time, features], or has fewer steps than one window, or the windows are too large for a tensor.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1, or a window is longer than a sequence can be.</exception>
    public static Tensor Unfold(this Pass pass, Tensor x, int size, int dilation = 1, Padding padding = Padding.Valid)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dilation, 1);
        TimeWindows.RequireReach(size, dilation, nameof(dilation));
        return UnfoldOp.Forward(pass, pass.Input(x), size, dilation, padding);
    }

    private sealed class UnfoldOp : Op
    {
        private Tensor _x, _y;
        private TimeWindows _windows;

        public static Tensor Forward(Pass pass, Tensor x, int size, int dilation, Padding padding)
        {
            using ProfileSpan span = pass.Measure("unfold", ProfileCategory.Copying);
            int reach = (size - 1) * dilation;
            if (x.Shape.Rank != 3 || (padding == Padding.Valid && x.Shape[1] <= reach))
            {
                throw new ShapeException($"unfold: a tensor [batch, time, features] of at least {(padding == Padding.Valid ? reach + 1 : 1)} steps was expected, but it has {x.Shape}.");
            }
            if ((long)size * x.Shape[2] > int.MaxValue)
            {
                throw new ShapeException($"unfold: windows of {size} steps of {x.Shape[2]} features are larger than a dimension can be. Give smaller windows.");
            }
            int steps = x.Shape[1];
            (int before, int outputSteps) = padding switch
            {
                Padding.Valid => (0, steps - reach),
                Padding.Same => (reach / 2, steps),
                Padding.Causal => (reach, steps),
                _ => throw new ArgumentOutOfRangeException(nameof(padding), padding, "There is no such padding."),
            };
            var windows = new TimeWindows(x.Shape[0], steps, x.Shape[2], size, dilation, before, outputSteps);
            Tensor y = pass.Create(new Shape(x.Shape[0], outputSteps, size * x.Shape[2]), "unfold", x.Body.NeedsGradient);
            pass.Backend.Unfold(x.Body.Storage!, windows, x.Body.Mask, y.Body.Storage!);
            if (y.Body.NeedsGradient)
            {
                UnfoldOp op = pass.Take<UnfoldOp>();
                (op._x, op._y, op._windows) = (x, y, windows);
            }
            if (x.Body.Mask is { } mask)
            {
                y.Body.Mask = padding == Padding.Valid ? WholeWindows(pass, mask, windows) : mask;
            }
            return y;
        }

        public override void Backward(Pass pass)
        {
            if (Pass.TryGradient(_y) is { } dy)
            {
                (Storage target, bool accumulate) = pass.GradientOf(_x);
                pass.Backend.Fold(dy, _windows, _x.Body.Mask, target, accumulate);
            }
        }

        public override void Forget() => (_x, _y) = (default, default);

        private static SequenceMask WholeWindows(Pass pass, SequenceMask mask, in TimeWindows windows)
        {
            SequenceMask whole = pass.NewMask();
            Span<bool> real = whole.Begin(windows.Batch, windows.OutputSteps);
            for (int i = 0; i < real.Length; i++)
            {
                (int row, int t) = (i / windows.OutputSteps, i % windows.OutputSteps);
                real[i] = true;
                for (int k = 0; k < windows.Size; k++)
                {
                    real[i] &= mask[row, t + k * windows.Dilation];
                }
            }
            whole.Complete();
            return whole;
        }
    }
}
