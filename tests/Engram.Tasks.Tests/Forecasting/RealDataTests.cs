using Engram.Data;

namespace Engram.Tasks.Tests.Forecasting;

public sealed class RealDataTests
{
    [Theory]
    [InlineData(1, 24, 7, 0.003)]
    [InlineData(24, 48, 12, 0.006)]
    public void Hourly_power_demand_is_forecast_below_every_baseline(int horizon, int window, int epochs, double learningRate)
    {
        Table table = Table.ReadCsv(SharedData.Require("energy/aep-hourly.csv"));
        // Three years of the fifteen: enough to learn from in seconds.
        DateTime[] times = table.Times("Datetime");
        int[] rows = [.. Enumerable.Range(0, times.Length).Where(row => times[row].Year is >= 2015 and <= 2017)];
        double[] demand = table.Numbers("AEP_MW");
        Table part = new(new TimeColumn("time", [.. rows.Select(row => times[row])]), new NumberColumn("MW", [.. rows.Select(row => demand[row])]));

        Forecaster forecaster = Forecaster.Train(part, "mw",
            new ForecastOptions { Horizon = horizon, Window = window, Units = [32], Epochs = epochs, BatchSize = 64, LearningRate = learningRate });

        ForecastReport report = forecaster.Report!;
        Assert.Equal(TimeStep.Hourly, forecaster.Step);
        Assert.True(report.Metrics.Test.Rmse < 0.5 * report.Baselines.Naive.Rmse, report.ToJson());
        Assert.True(report.Metrics.Test.Rmse < report.Baselines.SeasonalNaive!.Rmse, report.ToJson());
        Assert.True(report.Metrics.Test.Rmse < report.Baselines.Linear!.Rmse, report.ToJson());
    }

    [Fact]
    public void The_baselines_on_power_demand_are_the_known_ones()
    {
        Table table = Table.ReadCsv(SharedData.Require("energy/aep-hourly.csv"));
        ForecastPlan plan = ForecastPlan.Make(table, "AEP_MW", new ForecastOptions { Window = 48 });
        LinearAutoregression linear = LinearAutoregression.Fit(plan.Data, plan.Spec, plan.Training, ..plan.ValidationStart, cancellation: TestContext.Current.CancellationToken);

        ForecastBaselines baselines = Scores.Baselines(plan.Data, plan.Spec, plan.Test, linear, TestContext.Current.CancellationToken);

        Assert.Equal(526, baselines.Naive.Rmse, 1.0);
        Assert.Equal(1221, baselines.SeasonalNaive!.Rmse, 1.0);
        Assert.Equal(173, baselines.Linear!.Rmse, 1.0);
    }

    [Fact]
    public void Stock_prices_that_leave_the_range_seen_are_forecast_as_well_as_the_last_price()
    {
        Table table = Table.ReadCsv(SharedData.Require("stocks/sp500.csv"));
        ForecastReport Report(ForecastOptions options) => Forecaster.Train(table, "Close", options with { Epochs = 2, Units = [16] }).Report!;

        ForecastReport sound = Report(new ForecastOptions());
        ForecastReport plain = Report(new ForecastOptions { Scale = ScalerKind.MinMax, Difference = Differencing.None });

        Assert.Equal(32.05, sound.Baselines.Naive.Rmse, 0.05);
        Assert.InRange(sound.Metrics.Test.Rmse, 31, 33);
        // The textbook's way, scaling to the range of the training part, fails on prices beyond that range.
        Assert.True(plain.Metrics.Test.Rmse > 2 * sound.Metrics.Test.Rmse, plain.Verdict);
    }

    [Fact]
    public void Air_quality_with_time_in_four_columns_and_wind_in_words_trains()
    {
        Table table = Table.ReadCsv(SharedData.Require("weather/beijing-pm25.csv"));
        ForecastOptions options = new() { Features = ["DEWP", "TEMP", "PRES", "cbwd", "Iws"], Window = 12, Units = [8], Epochs = 1, BatchSize = 256 };

        Forecaster forecaster = Forecaster.Train(table, "pm2.5", options);

        Assert.Equal(9, forecaster.Features.Count);
        Assert.Equal(new DateTime(2015, 1, 1), forecaster.Predict(1).Times[0]);
    }

    [Fact]
    public void A_month_of_stock_prices_in_a_file_of_its_own_is_scored_as_known()
    {
        Table training = Table.ReadCsv(SharedData.Require("stocks/google-train.csv")), test = Table.ReadCsv(SharedData.Require("stocks/google-test.csv"));

        Forecaster forecaster = Forecaster.Train(training, "Open", new ForecastOptions { TestTable = test, Epochs = 1, Units = [8] });

        Assert.Equal(20, forecaster.Report!.Split.Test.Rows);
        Assert.Equal(8.32, forecaster.Report.Baselines.Naive.Rmse, 0.6);
    }
}
