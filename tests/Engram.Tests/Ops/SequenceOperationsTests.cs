using Engram.Tests.Autograd;

namespace Engram.Tests.Ops;

/// <summary>Gradients of the operations on rows and along the time axis, with and without masks, at edge sizes.</summary>
public sealed class SequenceOperationsTests
{
    public static TheoryData<int, int, bool> Sizes { get; } = new()
    {
        { 1, 1, false }, { 1, 2, false }, { 7, 1, false }, { 7, 2, false }, { 1, 50, false }, { 7, 50, false },
        { 1, 1, true }, { 1, 2, true }, { 7, 1, true }, { 7, 2, true }, { 1, 50, true }, { 7, 50, true },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Mean_over_time(int batch, int steps, bool masked) =>
        GradientCheck.Function((pass, x) => pass.MeanOverTime(Mask(pass, x[0], masked)), new Shape(batch, steps, 3));

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Max_over_time(int batch, int steps, bool masked) =>
        GradientCheck.Function((pass, x) => pass.MaxOverTime(Mask(pass, x[0], masked)), new Shape(batch, steps, 3));

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Attend(int batch, int steps, bool masked) =>
        GradientCheck.Function((pass, x) => pass.Attend(x[0], Mask(pass, x[1], masked)), new Shape(batch, steps), new Shape(batch, steps, 3));

    [Fact]
    public void Attend_by_scores_and_by_values_alone()
    {
        Tensor scores = Tensor.Normal(new RandomStream(1), 2, 5), values = Tensor.Normal(new RandomStream(2), 2, 5, 3);
        GradientCheck.Function((pass, x) => pass.Attend(x[0], values), new Shape(2, 5));
        GradientCheck.Function((pass, x) => pass.Attend(scores, x[0]), new Shape(2, 5, 3));
        GradientCheck.Function((pass, x) => pass.Add(pass.Attend(scores, x[0]), pass.Attend(pass.Tanh(scores), x[0])), new Shape(2, 5, 3));
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(7, 3)]
    [InlineData(5, 64)]
    [InlineData(3, 131)]
    public void Normalize(int rows, int features) =>
        GradientCheck.Function((pass, x) => pass.Normalize(x[0], x[1], x[2]), new Shape(rows, features), new Shape(features), new Shape(features));

    [Fact]
    public void Normalize_of_every_step_twice() =>
        GradientCheck.Function(
            (pass, x) => pass.Add(pass.Normalize(x[0], x[1], x[2]), pass.Normalize(pass.Scale(x[0], 2), x[2], x[1], 0.1)), new Shape(2, 50, 5), new Shape(5), new Shape(5));

    [Fact]
    public void Concatenate() =>
        GradientCheck.Function((pass, x) => pass.Concatenate(x[0], x[1], x[0]), new Shape(3, 2, 4), new Shape(3, 2, 1));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 2)]
    [InlineData(2, 50)]
    public void Repeat(int batch, int steps) => GradientCheck.Function((pass, x) => pass.Multiply(pass.Repeat(x[0], steps), x[1]), new Shape(batch, 3), new Shape(batch, steps, 3));

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Unfold(int batch, int steps, bool masked)
    {
        GradientCheck.Function((pass, x) => pass.Unfold(Mask(pass, x[0], masked), 3, 1, Padding.Same), new Shape(batch, steps, 2));
        GradientCheck.Function((pass, x) => pass.Unfold(Mask(pass, x[0], masked), 2, 3, Padding.Causal), new Shape(batch, steps, 2));
        GradientCheck.Function((pass, x) => pass.Unfold(Mask(pass, x[0], masked), Math.Min(steps, 3)), new Shape(batch, steps, 2));
    }

    [Fact]
    public void Embed_adds_up_the_gradients_of_repeated_ids() =>
        GradientCheck.Function((pass, x) => pass.Embed(Tensor.From([0f, 2, 2, 3, 0, 2], 2, 3), x[0]), new Shape(5, 4));

    [Fact]
    public void Embed_leaves_masked_steps_out() =>
        GradientCheck.Function(
            (pass, x) => pass.Embed(pass.Masked(Tensor.From([0f, 2, -1, 3, float.NaN, 9], 2, 3), SequenceMask.FromLengths([2, 1], 3)), x[0]), new Shape(5, 4));

    [Fact]
    public void Mean_and_max_over_real_steps_by_hand() => TrainingPass.Run(pass =>
    {
        Tensor x = Tensor.From([1f, -1, 5, -7, 3, -3, 9, 9, 9, 9, 9, 9], 2, 3, 2);
        Tensor masked = pass.Masked(x, SequenceMask.FromPattern([true, false, true, false, false, false], 2, 3));
        Assert.Equal([2f, -2, 0, 0], pass.MeanOverTime(masked).ToArray());
        Assert.Equal([3f, -1, 0, 0], pass.MaxOverTime(masked).ToArray());
        Assert.Equal([0f, 0], pass.Attend(Tensor.Zeros(2, 3), masked).ToArray()[2..]);
        Assert.Equal([2f, -2], pass.Attend(Tensor.Zeros(2, 3), masked).ToArray()[..2]);
        Assert.Equal([3f, -11f / 3], pass.MeanOverTime(x).ToArray()[..2]);
        Assert.Null(pass.MeanOverTime(masked).Mask);
    });

    [Fact]
    public void The_maximum_sends_its_gradient_to_the_first_of_equals() => TrainingPass.Run(pass =>
    {
        Tensor x = pass.Input(Tensor.From([2f, 5, 5, 1], 1, 4, 1));
        pass.Watch(x);
        pass.Backward(pass.Sum(pass.MaxOverTime(x)));
        Assert.Equal([0f, 1, 0, 0], pass.GradientToArray(x));
    });

    [Fact]
    public void Windows_by_hand() => TrainingPass.Run(pass =>
    {
        Tensor x = pass.Masked(Tensor.From([1f, 2, 3, 4], 1, 4, 1), SequenceMask.FromLengths([3], 4));
        Assert.Equal([0f, 1, 2, 1, 2, 3, 2, 3, 0, 3, 0, 0], pass.Unfold(x, 3, 1, Padding.Same).ToArray());
        Assert.Equal([0f, 1, 0, 2, 1, 3, 2, 0], pass.Unfold(x, 2, 2, Padding.Causal).ToArray());
        Assert.Equal([1f, 2, 2, 3, 3, 0], pass.Unfold(x, 2).ToArray());
        Assert.Equal([true, true, false], pass.Unfold(x, 2).Mask!.Pattern);
        Assert.Same(x.Mask, pass.Unfold(x, 2, 2, Padding.Causal).Mask);
        Assert.Equal([0f, 1, 2, 1, 2, 3], pass.Unfold(Tensor.From([1f, 2, 3, 4], 1, 4, 1), 3, 1, Padding.Same).ToArray()[..6]);
    });

    [Fact]
    public void Normalized_rows_have_mean_0_and_variance_1() => TrainingPass.Run(pass =>
    {
        Tensor y = pass.Normalize(Tensor.From([1f, 2, 3, 6, 5, 5, 5, 5], 2, 4), Tensor.From([1f, 1, 1, 1]), Tensor.From([0f, 0, 0, 0]), 1e-12);
        float r = 1 / MathF.Sqrt(3.5f);
        Assert.Equal([-2 * r, -1 * r, 0, 3 * r, 0, 0, 0, 0], y.ToArray(), (a, b) => MathF.Abs(a - b) < 1e-6f);
    });

    [Fact]
    public void Masks_travel_where_time_does() => TrainingPass.Run(pass =>
    {
        SequenceMask mask = SequenceMask.FromLengths([2, 1], 3), other = SequenceMask.FromLengths([1, 3], 3);
        Tensor x = pass.Masked(Tensor.Zeros(2, 3, 4), mask);
        Assert.Same(mask, pass.Normalize(x, Tensor.Zeros(4), Tensor.Zeros(4)).Mask);
        Assert.Null(pass.Normalize(pass.Masked(Tensor.Zeros(2, 3), mask), Tensor.Zeros(3), Tensor.Zeros(3)).Mask);
        Assert.Same(mask, pass.Concatenate(x, Tensor.Zeros(2, 3, 1)).Mask);
        Assert.Equal([1, 1], pass.Concatenate(x, pass.Masked(Tensor.Zeros(2, 3, 1), other)).Mask!.Lengths);
        Assert.Same(mask, pass.Embed(pass.Masked(Tensor.Zeros(2, 3), mask), Tensor.Zeros(4, 2)).Mask);
    });

    [Fact]
    public void Sizes_that_do_not_fit_are_named() => TrainingPass.Run(pass =>
    {
        Refused("mean over time", () => pass.MeanOverTime(Tensor.Zeros(2, 3)));
        Refused("max over time", () => pass.MaxOverTime(Tensor.Zeros(2, 3)));
        Refused("attend", () => pass.Attend(Tensor.Zeros(2, 4), Tensor.Zeros(2, 3, 1)));
        Refused("normalize", () => pass.Normalize(Tensor.Zeros(2, 4), Tensor.Zeros(3), Tensor.Zeros(4)));
        Refused("concatenate", () => pass.Concatenate(Tensor.Zeros(2, 3, 1), Tensor.Zeros(2, 4, 1)));
        Refused("repeat", () => pass.Repeat(Tensor.Zeros(2, 3, 1), 2));
        Refused("unfold", () => pass.Unfold(Tensor.Zeros(2, 3, 1), 2, 3));
        Refused("repeat", () => pass.Repeat(Tensor.Zeros(2, 3), int.MaxValue));
        Refused("unfold", () => pass.Unfold(Tensor.Zeros(2, 3, 2), int.MaxValue, padding: Padding.Causal));
        Refused("embed", () => pass.Embed(Tensor.Zeros(2), Tensor.Zeros(3, 2)));
        Assert.Throws<ArgumentException>(() => pass.Concatenate());
        Assert.Throws<ArgumentOutOfRangeException>(() => pass.Unfold(Tensor.Zeros(2, 3, 1), 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => pass.Unfold(Tensor.Zeros(2, 3, 1), 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => pass.Unfold(Tensor.Zeros(2, 3, 1), 3, int.MaxValue));
        Assert.Throws<ArgumentOutOfRangeException>(() => pass.Repeat(Tensor.Zeros(2, 3), 0));
    });

    private static void Refused(string name, Func<Tensor> call) =>
        Assert.StartsWith(name + ":", Assert.Throws<ShapeException>(() => { call(); }).Message, StringComparison.Ordinal);

    /// <summary>Gaps, padding at either end and, where there are several, a row without a real step.</summary>
    private static Tensor Mask(Pass pass, Tensor x, bool masked)
    {
        if (!masked)
        {
            return x;
        }
        (int batch, int steps) = (x.Shape[0], x.Shape[1]);
        bool[] pattern = [.. Enumerable.Range(0, batch * steps).Select(i => (i / steps + 1) % 4 != 0 && (steps < 3 || (i * 7 + i / steps) % 3 != 1))];
        return pass.Masked(x, SequenceMask.FromPattern(pattern, batch, steps));
    }
}
