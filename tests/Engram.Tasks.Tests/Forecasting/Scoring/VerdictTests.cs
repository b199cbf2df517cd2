namespace Engram.Tasks.Tests.Forecasting.Scoring;

public sealed class VerdictTests
{
    private static readonly ForecastBaselines _baselines = new(Rmse(120)) { SeasonalNaive = Rmse(200), Linear = Rmse(100) };

    [Theory]
    [InlineData(92.1, "better than the best baseline (linear) by 7.9% RMSE")]
    [InlineData(110, "worse than the best baseline (linear) by 10.0% RMSE")]
    [InlineData(99.8, "no better than the best baseline (linear): the RMSE differs by less than 0.5%")]
    [InlineData(100.3, "no better than the best baseline (linear): the RMSE differs by less than 0.5%")]
    [InlineData(2400, "worse than the best baseline (linear): 24 times its RMSE")]
    [InlineData(double.NaN, "worse than the best baseline (linear)")]
    public void A_verdict_is_against_the_best_baseline(double rmse, string expected) =>
        Assert.Equal(expected, Scores.Verdict(Rmse(rmse), _baselines));

    [Fact]
    public void A_missing_baseline_is_no_rival() =>
        Assert.Equal("worse than the best baseline (naive) by 25.0% RMSE", Scores.Verdict(Rmse(150), new ForecastBaselines(Rmse(120))));

    private static ForecastMetrics Rmse(double rmse) => new(rmse, 0, 0, 0);
}
