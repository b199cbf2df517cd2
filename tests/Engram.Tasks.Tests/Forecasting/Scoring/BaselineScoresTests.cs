using Engram.Data;

namespace Engram.Tasks.Tests.Forecasting.Scoring;

public sealed class BaselineScoresTests
{
    [Fact]
    public void Naive_and_seasonal_naive_worked_by_hand()
    {
        // Season 3, window 1, horizon 2, test part: the last 3 rows, so origins are rows 8 and 9 (counted from 1) of 11.
        Table table = TestTables.Of(1, 4, 2, 1, 5, 2, 3, 6, 4, 2, 9);
        ForecastOptions options = TestTables.Quick with { Window = 1, Horizon = 2, Season = 3, Test = 3 / 11.0, Validation = 0 };
        ForecastPlan plan = ForecastPlan.Make(table, "y", options);

        ForecastBaselines baselines = Scores.Baselines(plan.Data, plan.Spec, plan.Test, null, TestContext.Current.CancellationToken);

        Assert.Equal(8, plan.TestStart);
        Assert.Equal(2, plan.Test.Count);
        // Origin 6: targets 4, 2; origin 4: targets 2, 9.
        Assert.Equal(Math.Sqrt((4 + 16 + 4 + 25) / 4.0), baselines.Naive.Rmse, 12);
        // A season before 4, 2: 2, 3; before 2, 9: 3, 6.
        Assert.Equal(Math.Sqrt((4 + 1 + 1 + 9) / 4.0), baselines.SeasonalNaive!.Rmse, 12);
        Assert.Equal([Math.Sqrt((4 + 4) / 2.0), Math.Sqrt((16 + 25) / 2.0)], baselines.Naive.ByStep!.Select(step => step.Rmse));
        Assert.Null(baselines.Linear);
    }

    [Fact]
    public void The_unit_of_mase_is_the_naive_error_of_the_training_part()
    {
        // Training part 0, 1, 3, 6, 10: changes 1, 2, 3, 4.
        Table table = TestTables.Of(0, 1, 3, 6, 10, 20, 40);
        ForecastPlan plan = ForecastPlan.Make(table, "y", TestTables.Quick with { Window = 1, Test = 2 / 7.0, Validation = 0 });

        Assert.Equal(2.5, plan.Spec.NaiveError, 12);
        ForecastBaselines baselines = Scores.Baselines(plan.Data, plan.Spec, plan.Test, null, TestContext.Current.CancellationToken);
        Assert.Equal((10 + 20) / 2.0 / 2.5, baselines.Naive.Mase, 12);
    }
}
