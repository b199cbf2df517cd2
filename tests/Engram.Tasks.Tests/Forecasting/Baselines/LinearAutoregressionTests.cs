using Engram.Data;

namespace Engram.Tasks.Tests.Forecasting.Baselines;

public sealed class LinearAutoregressionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_linear_process_is_recovered(int horizon)
    {
        ForecastPlan plan = ForecastPlan.Make(
            TestTables.Of(TestTables.LinearProcess(4000, noise: 1)), "y", TestTables.Quick with { Window = 2, Horizon = horizon, Validation = 0 });
        LinearAutoregression linear = LinearAutoregression.Fit(plan.Data, plan.Spec, plan.Training, ..plan.ValidationStart, cancellation: TestContext.Current.CancellationToken);
        double[] predicted = new double[horizon];

        linear.Predict([12, 14], row: 1, predicted);

        // y(t) = 1.2 y(t−1) − 0.5 y(t−2) + 3, from 12 and 14 on.
        double[] expected = [13.8, 12.56, 11.172];
        for (int k = 0; k < horizon; k++)
        {
            Assert.Equal(expected[k], predicted[k], 0.15);
        }
    }

    [Fact]
    public void Many_inputs_on_many_threads_give_the_sums_of_one()
    {
        // 3 features and a window of 60: wide enough for several threads. One feature is the target a step later: the fit is exact.
        double[] y = TestTables.Sine(900, noise: 0.5), other = [.. y[1..], 0];
        Table table = new(new NumberColumn("y", y), new NumberColumn("lead", other), new NumberColumn("noise", TestTables.Sine(900, 1, seed: 5)));
        ForecastPlan plan = ForecastPlan.Make(table, "y", TestTables.Quick with { Window = 60, Features = ["lead", "noise"], Difference = Differencing.None });

        LinearAutoregression first = Fit(), second = Fit();

        Assert.Equal(first.Coefficients.ToArray(), second.Coefficients.ToArray());
        double[] predicted = new double[1];
        first.Predict(plan.Data.Values.Span, 700, predicted);
        Assert.Equal(y[701], predicted[0], 0.01);

        LinearAutoregression Fit() => LinearAutoregression.Fit(plan.Data, plan.Spec, plan.Training, ..plan.ValidationStart, cancellation: TestContext.Current.CancellationToken);
    }

    [Fact]
    public void Where_nothing_can_be_learned_the_forecast_stays_at_the_last_value()
    {
        // A random walk without drift: the best forecast is its last value.
        RandomStream random = new(3);
        double[] walk = new double[3000];
        for (int t = 1; t < walk.Length; t++)
        {
            walk[t] = walk[t - 1] + random.Normal(t);
        }
        ForecastPlan plan = ForecastPlan.Make(TestTables.Of(walk), "y", TestTables.Quick with { Validation = 0 });
        LinearAutoregression linear = LinearAutoregression.Fit(plan.Data, plan.Spec, plan.Training, ..plan.ValidationStart, cancellation: TestContext.Current.CancellationToken);

        ForecastBaselines baselines = Scores.Baselines(plan.Data, plan.Spec, plan.Test, linear, TestContext.Current.CancellationToken);

        Assert.InRange(baselines.Linear!.Rmse / baselines.Naive.Rmse, 0.97, 1.03);
    }
}
