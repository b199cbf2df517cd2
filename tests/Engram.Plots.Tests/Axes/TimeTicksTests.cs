using System.Globalization;
using CsCheck;
using Engram.Plots.Axes;

namespace Engram.Plots.Tests.Axes;

public sealed class TimeTicksTests
{
    [Theory]
    [InlineData("2000-01-03", "2020-04-17", 5, "2005 2010 2015 2020")]
    [InlineData("2019-07-02", "2020-04-17", 10, "2019-08 2019-09 2019-10 2019-11 2019-12 2020-01 2020-02 2020-03 2020-04")]
    [InlineData("2024-01-01", "2024-01-29", 5, "2024-01-01 2024-01-08 2024-01-15 2024-01-22 2024-01-29")]
    [InlineData("2024-01-01T22:30:00", "2024-01-02T02:00:00", 4, "01-01 23:00 01-02 00:00 01-02 01:00 01-02 02:00")]
    [InlineData("2024-01-01T00:00:00", "2024-01-01T00:00:10", 3, "00:00:00 00:00:05 00:00:10")]
    public void Marks_stand_at_the_starts_of_round_spans(string from, string to, int most, string expected) =>
        Assert.Equal(expected, string.Join(' ', TimeTicks.Between(Time(from), Time(to), most).Select(tick => tick.Label)));

    [Fact]
    public void Marks_lie_within_the_range_and_are_not_too_many() =>
        Gen.Select(Gen.DateTime, Gen.DateTime, Gen.Int[2, 16]).Sample((one, other, most) =>
        {
            (DateTime from, DateTime to) = one < other ? (one, other) : (other, one);
            IReadOnlyList<(DateTime Time, string Label)> ticks = TimeTicks.Between(from, to, most);
            return ticks.Count <= 2 * most + 1 && ticks.All(tick => tick.Time >= from && tick.Time <= to);
        });

    [Fact]
    public void A_single_moment_has_at_most_one_mark() =>
        Assert.Single(TimeTicks.Between(Time("2024-01-01"), Time("2024-01-01"), 5));

    private static DateTime Time(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture);
}
