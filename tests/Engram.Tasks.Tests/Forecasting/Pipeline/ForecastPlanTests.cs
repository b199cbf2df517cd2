using Engram.Data;

namespace Engram.Tasks.Tests.Forecasting.Pipeline;

public sealed class ForecastPlanTests
{
    [Fact]
    public void The_newest_rows_test_and_those_before_validate()
    {
        ForecastPlan plan = ForecastPlan.Make(TestTables.Hourly(TestTables.Sine(100)), "Y", TestTables.Quick with { Season = null });

        Assert.Equal((72, 80), (plan.ValidationStart, plan.TestStart));
        Assert.Equal((72 - 8, 8, 20), (plan.Training.Count, plan.Validation.Count, plan.Test.Count));
        Assert.Equal(24, plan.Season);
        ReportSplit split = plan.Split();
        Assert.Equal(new ReportPart("2020-01-01 00:00:00", "2020-01-03 23:00:00", 72), split.Train);
        Assert.Equal(new ReportPart("2020-01-04 08:00:00", "2020-01-05 03:00:00", 20), split.Test);
    }

    [Fact]
    public void Numbers_too_large_for_a_deviation_are_the_datas_fault()
    {
        DataException error = Assert.Throws<DataException>(() => ForecastPlan.Make(
            TestTables.Of([.. TestTables.Sine(100).Select(y => 1e302 * (2 + y))]), "y", TestTables.Quick));
        Assert.Contains("'y' are too large", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_season_longer_than_the_training_part_is_told() => Assert.Contains(
        ForecastPlan.Make(TestTables.Of(TestTables.Sine(100)), "y", TestTables.Quick with { Season = 90 }).Notes,
        note => note.StartsWith("A season of 90 rows is longer than the training part", StringComparison.Ordinal));

    [Fact]
    public void A_test_table_follows_and_windows_reach_back_before_it()
    {
        double[] y = TestTables.Sine(110);
        Table training = TestTables.Hourly(y[..100]);
        Table test = new(new TimeColumn("time", [.. Enumerable.Range(100, 10).Select(i => TestTables.Start.AddHours(i))]), new NumberColumn("y", y[100..]));

        ForecastPlan plan = ForecastPlan.Make(training, "y", TestTables.Quick with { TestTable = test });

        Assert.Equal((90, 100, 110), (plan.ValidationStart, plan.TestStart, plan.Data.RowCount));
        Assert.Equal(10, plan.Test.Count);
        Assert.Equal(99, plan.Test.LastInputRow(0));
    }

    [Fact]
    public void A_test_table_that_does_not_follow_is_refused()
    {
        Table table = TestTables.Hourly(TestTables.Sine(100));
        DataException error = Assert.Throws<DataException>(() => ForecastPlan.Make(table, "y", TestTables.Quick with { TestTable = table }));
        Assert.Contains("before the training data end", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fewer_rows_than_a_window_are_the_datas_fault()
    {
        DataException error = Assert.Throws<DataException>(() => ForecastPlan.Make(TestTables.Of(TestTables.Sine(70)), "y", new ForecastOptions()));
        Assert.Contains("50 rows, of 70 in all; a window of 60 rows with a horizon of 1 needs at least 61", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_horizon_longer_than_the_test_part_is_an_options_fault()
    {
        InvalidOptionException error = Assert.Throws<InvalidOptionException>(
            () => ForecastPlan.Make(TestTables.Of(TestTables.Sine(100)), "y", TestTables.Quick with { Horizon = 21 }));
        Assert.Equal("--horizon", error.Option);
        Assert.Contains("20 rows", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_horizon_longer_than_the_validation_part_is_an_options_fault()
    {
        ForecastOptions options = TestTables.Quick with { Horizon = 9 };
        Assert.Equal("--validation", Assert.Throws<InvalidOptionException>(() => ForecastPlan.Make(TestTables.Of(TestTables.Sine(100)), "y", options)).Option);
        Assert.Equal(0, ForecastPlan.Make(TestTables.Of(TestTables.Sine(100)), "y", options with { Validation = 0 }).Validation.Count);
    }

    [Fact]
    public void A_target_that_changes_in_the_test_part_only_is_the_datas_fault()
    {
        double[] y = new double[100];
        y[99] = 1;
        Assert.Contains("never changes in the training part", Assert.Throws<DataException>(
            () => ForecastPlan.Make(TestTables.Of(y), "y", TestTables.Quick)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_constant_target_a_misspelt_column_and_infinities_are_the_datas_fault()
    {
        Assert.Throws<DataException>(() => ForecastPlan.Make(TestTables.Of(new double[100]), "y", TestTables.Quick));
        Assert.Throws<DataException>(() => ForecastPlan.Make(TestTables.Of(TestTables.Sine(100)), "z", TestTables.Quick));
        double[] infinite = TestTables.Sine(100);
        infinite[7] = double.PositiveInfinity;
        Assert.Throws<DataException>(() => ForecastPlan.Make(TestTables.Of(infinite), "y", TestTables.Quick));
        Assert.Throws<DataException>(() => ForecastPlan.Make(TestTables.Of([.. Enumerable.Repeat(double.NaN, 100)]), "y", TestTables.Quick));
    }

    [Fact]
    public void Seasonal_differences_need_a_season() =>
        Assert.Equal("--difference", Assert.Throws<InvalidOptionException>(() => ForecastPlan.Make(
            TestTables.Of(TestTables.Sine(100)), "y", TestTables.Quick with { Difference = Differencing.Seasonal })).Option);

    [Fact]
    public void Missing_values_are_filled_and_never_scored()
    {
        double[] y = TestTables.Sine(100);
        (y[90], y[50]) = (double.NaN, double.NaN);

        ForecastPlan plan = ForecastPlan.Make(TestTables.Hourly(y), "y", TestTables.Quick);

        Assert.Equal(19, plan.Test.Count);
        Assert.Contains(plan.Notes, note => note.Contains("2 missing values of 'y' filled with the value before", StringComparison.Ordinal));
    }
}
