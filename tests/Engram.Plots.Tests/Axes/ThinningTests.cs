using CsCheck;
using Engram.Plots.Axes;
using ScottPlot;

namespace Engram.Plots.Tests.Axes;

public sealed class ThinningTests
{
    [Fact]
    public void A_short_line_keeps_every_point() =>
        Assert.Equal([3, 1, 2], Thin([3, 1, 2], columns: 100).Select(point => point.Y));

    [Fact]
    public void A_peak_in_a_long_line_stays()
    {
        double[] line = new double[100_000];
        line[54_321] = 7;
        List<Coordinates> kept = Thin(line, columns: 1000);
        Assert.Contains(new Coordinates(54_321, 7), kept);
        Assert.True(kept.Count <= 4 * 1001);
    }

    [Fact]
    public void A_value_that_is_not_finite_breaks_the_line()
    {
        double[] line = [1, double.NaN, 2, double.PositiveInfinity, 3];
        Assert.Equal([1, double.NaN, 2, double.NaN, 3], Thin(line, columns: 100).Select(point => point.Y));
    }

    [Fact]
    public void First_last_lowest_and_highest_points_of_a_line_stay_and_order_is_kept() =>
        Gen.Double[-1e3, 1e3].Array[1, 500].Sample(line =>
        {
            double[] kept = [.. Thin(line, columns: 20).Select(point => point.Y)];
            double[] positions = [.. Thin(line, columns: 20).Select(point => point.X)];
            return kept[0] == line[0] && kept[^1] == line[^1] && kept.Min() == line.Min() && kept.Max() == line.Max()
                && positions.Zip(positions.Skip(1)).All(pair => pair.First < pair.Second);
        });

    private static List<Coordinates> Thin(double[] line, int columns) => Thinning.Thin(index => index, line, 0, line.Length, columns);
}
