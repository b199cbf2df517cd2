using CsCheck;
using Engram.Plots.Axes;

namespace Engram.Plots.Tests.Axes;

public sealed class AxisTicksTests
{
    [Theory]
    [InlineData(0, 1, 5, "0.0 0.2 0.4 0.6 0.8 1.0")]
    [InlineData(-1, 1, 4, "-1.0 -0.5 0.0 0.5 1.0")]
    [InlineData(0, 121_272, 7, "0 20,000 40,000 60,000 80,000 100,000 120,000")]
    [InlineData(0.9780, 0.9885, 6, "0.978 0.980 0.982 0.984 0.986 0.988")]
    [InlineData(0, 2e12, 2, "0 1e12 2e12")]
    public void Linear_marks_are_round_and_written_with_as_many_digits_as_they_need(double from, double to, int most, string expected) =>
        Assert.Equal(expected, string.Join(' ', AxisTicks.Linear(from, to, most).Select(tick => tick.Label)));

    [Fact]
    public void Marks_for_integers_have_no_fractions() =>
        Assert.Equal(["1", "2", "3"], AxisTicks.Linear(1, 3, 10, integersOnly: true).Select(tick => tick.Label));

    [Theory]
    [InlineData(-2, 1, "0.01 0.1 1 10")]
    [InlineData(-1, 0, "0.1 0.2 0.5 1")]
    [InlineData(-12, 0, "1e-12 1e-9 1e-6 0.001 1")]
    public void Logarithmic_marks_are_powers_of_ten_and_more_where_these_are_few(double from, double to, string expected) =>
        Assert.Equal(expected, string.Join(' ', AxisTicks.Logarithmic(from, to, most: 5).Select(tick => tick.Label)));

    [Fact]
    public void There_are_never_too_many_marks_and_none_lies_outside() =>
        Gen.Select(Gen.Double[-1e6, 1e6], Gen.Double[1e-6, 1e6], Gen.Int[1, 20]).Sample((from, span, most) =>
        {
            IReadOnlyList<AxisTick> ticks = AxisTicks.Linear(from, from + span, most);
            return ticks.Count <= most + 1 && ticks.All(tick => tick.Position >= from - span * 1e-6 && tick.Position <= from + span * (1 + 1e-6));
        });
}
