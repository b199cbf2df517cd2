using System.Text.Json;
using CsCheck;

namespace Engram.Data.Tests.Scaling;

public sealed class ScalerTests
{
    [Fact]
    public void Standard_scaling_gives_mean_0_and_deviation_1()
    {
        StandardScaler scaler = StandardScaler.Fit([2, 4, 4, 4, 5, 5, 7, 9]);
        Assert.Equal(5, scaler.Mean);
        Assert.Equal(2, scaler.Deviation);
        Assert.Equal([-1.5, 2], new[] { scaler.Transform(2), scaler.Transform(9) });
    }

    [Fact]
    public void Min_max_scaling_gives_0_to_1_and_more_beyond()
    {
        MinMaxScaler scaler = MinMaxScaler.Fit([20, 10, 30]);
        Assert.Equal([0, 0.5, 1, 2], new[] { scaler.Transform(10), scaler.Transform(20), scaler.Transform(30), scaler.Transform(50) });
    }

    [Theory]
    [InlineData(ScalerKind.Standard)]
    [InlineData(ScalerKind.MinMax)]
    [InlineData(ScalerKind.None)]
    public void A_scaler_is_undone_by_its_inverse(ScalerKind kind) =>
        Gen.Double[-1e6, 1e6].Array[1, 20].Sample(values =>
        {
            Scaler scaler = Scaler.Fit(kind, values);
            return values.All(value => Math.Abs(scaler.Inverse(scaler.Transform(value)) - value) <= 1e-9 * Math.Max(1, Math.Abs(value)))
                && Math.Abs(scaler.InverseDifference(scaler.Transform(values[0]) - scaler.Transform(values[^1])) - (values[0] - values[^1])) < 1e-6;
        });

    [Theory]
    [InlineData(ScalerKind.Standard)]
    [InlineData(ScalerKind.MinMax)]
    public void A_constant_becomes_0_and_stays_finite(ScalerKind kind)
    {
        Scaler scaler = Scaler.Fit(kind, [0.1, 0.1, 0.1]);
        Assert.Equal(0, scaler.Transform(0.1), 1e-12);
        Assert.Equal(1, scaler.Scale);
        Assert.Equal(0.1, scaler.Inverse(0));
    }

    [Fact]
    public void One_feature_of_a_matrix_is_fitted_and_NaN_left_out()
    {
        double[] matrix = [1, 10, 2, double.NaN, 3, 30];
        Assert.Equal(new MinMaxScaler(10, 30), Scaler.Fit(ScalerKind.MinMax, matrix, stride: 2, start: 1));
        Assert.Equal(2, StandardScaler.Fit(matrix, stride: 2).Mean);
        Assert.True(double.IsNaN(StandardScaler.Fit(matrix, stride: 2).Transform(double.NaN)));
    }

    [Fact]
    public void Large_values_close_together_keep_their_spread()
    {
        StandardScaler scaler = StandardScaler.Fit([1e9 + 1, 1e9 + 2, 1e9 + 3]);
        Assert.Equal(Math.Sqrt(2.0 / 3), scaler.Deviation, 1e-9);
    }

    [Fact]
    public void There_must_be_something_to_fit()
    {
        Assert.Throws<ArgumentException>(() => StandardScaler.Fit([]));
        Assert.Throws<ArgumentException>(() => MinMaxScaler.Fit([double.NaN]));
        Assert.Throws<ArgumentOutOfRangeException>(() => StandardScaler.Fit([1], stride: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Scaler.Fit((ScalerKind)9, [1]));
    }

    [Fact]
    public void JSON_holds_kind_and_parameters()
    {
        Scaler[] scalers = [new StandardScaler(0.1, 1 / 3.0), new MinMaxScaler(-2, 5), new IdentityScaler()];
        string json = JsonSerializer.Serialize(scalers);
        Assert.Contains("""{"kind":"min-max","Minimum":-2,"Maximum":5}""", json, StringComparison.Ordinal);
        Assert.Contains("""{"kind":"none"}""", json, StringComparison.Ordinal);
        Assert.Equal(scalers, JsonSerializer.Deserialize<Scaler[]>(json));
    }
}
