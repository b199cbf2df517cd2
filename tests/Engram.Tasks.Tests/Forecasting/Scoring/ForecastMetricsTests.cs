namespace Engram.Tasks.Tests.Forecasting.Scoring;

public sealed class ForecastMetricsTests
{
    [Fact]
    public void Errors_worked_by_hand()
    {
        // actual 1, 3, 5; predicted 2, 3, 3; one-step naive error of the training part 0.5.
        ErrorSums sums = new(horizon: 1, naiveError: 0.5);
        sums.Add(1, predicted: 2, actual: 1);
        sums.Add(1, predicted: 3, actual: 3);
        sums.Add(1, predicted: 3, actual: 5);

        ForecastMetrics metrics = sums.ToMetrics();

        Assert.Equal(Math.Sqrt((1 + 0 + 4) / 3.0), metrics.Rmse, 12);
        Assert.Equal((1 + 0 + 2) / 3.0, metrics.Mae, 12);
        Assert.Equal(1 / 0.5, metrics.Mase, 12);
        Assert.Equal(200.0 / 3 * ((1 / 3.0) + 0 + (2 / 8.0)), metrics.Smape, 12);
        Assert.Null(metrics.ByStep);
    }

    [Fact]
    public void Nothing_forecast_as_nothing_is_no_percentage()
    {
        ErrorSums sums = new(1, 1);
        sums.Add(1, 0, 0);
        Assert.Equal(0, sums.ToMetrics().Smape);
    }

    [Fact]
    public void Opposite_signs_are_the_worst_percentage()
    {
        ErrorSums sums = new(1, 1);
        sums.Add(1, -2, 2);
        Assert.Equal(200, sums.ToMetrics().Smape);
    }

    [Fact]
    public void Steps_ahead_are_told_apart_and_counted_together()
    {
        ErrorSums sums = new(horizon: 2, naiveError: 1);
        sums.Add(1, 1, 0);
        sums.Add(2, 3, 0);

        ForecastMetrics metrics = sums.ToMetrics();

        Assert.Equal(Math.Sqrt(5), metrics.Rmse, 12);
        Assert.Equal([1, 3], metrics.ByStep!.Select(step => step.Rmse));
    }
}
