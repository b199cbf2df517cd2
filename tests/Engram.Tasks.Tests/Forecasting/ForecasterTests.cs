using Engram.Data;
using Engram.Files;

namespace Engram.Tasks.Tests.Forecasting;

public sealed class ForecasterTests
{
    private static readonly Lazy<Forecaster> _sine = new(() => Forecaster.Train(
        TestTables.Hourly(TestTables.Sine(600, noise: 0.05)), "y",
        TestTables.Quick with { Window = 20, Units = [16], Epochs = 30, Horizon = 2 }));

    [Fact]
    public void A_sine_with_noise_is_forecast_far_below_the_naive_error()
    {
        ForecastReport report = _sine.Value.Report!;

        Assert.True(report.Metrics.Test.Rmse < 0.4 * report.Baselines.Naive.Rmse, report.ToJson());
        Assert.Equal(2, report.Metrics.Test.ByStep!.Count);
    }

    [Fact]
    public void Forecasts_follow_the_last_row_in_original_units()
    {
        Table table = TestTables.Hourly([.. TestTables.Sine(600, noise: 0.05).Select(y => 5000 + (100 * y))]);
        Forecaster forecaster = Forecaster.Train(table, "y", TestTables.Quick with { Window = 20, Units = [16], Epochs = 20 });

        Forecast forecast = forecaster.Predict(5);

        Assert.Equal(Enumerable.Range(600, 5).Select(i => TestTables.Start.AddHours(i)), forecast.Times);
        for (int k = 0; k < 5; k++)
        {
            Assert.Equal(5000 + (100 * Math.Sin(2 * Math.PI * (600 + k) / 25)), forecast.Values[k], 30.0);
        }
    }

    [Fact]
    public void Beyond_the_horizon_forecasts_are_fed_back_and_a_note_says_so()
    {
        Forecaster forecaster = _sine.Value;

        Forecast five = forecaster.Predict(5), two = forecaster.Predict();

        Assert.Equal(two.Values, five.Values.Take(2));
        Assert.Empty(two.Notes);
        Assert.Contains("2 steps ahead", Assert.Single(five.Notes), StringComparison.Ordinal);
        // Steps 3 and 4 are what comes after the data with steps 1 and 2 put behind them.
        Table longer = TestTables.Hourly([.. TestTables.Sine(600, noise: 0.05), .. two.Values]);
        Assert.Equal(forecaster.Predict(longer).Values, five.Values.Skip(2).Take(2));
    }

    [Fact]
    public void Without_data_the_data_trained_on_go_on()
    {
        Forecaster forecaster = _sine.Value;
        Forecast own = forecaster.Predict(7), given = forecaster.Predict(TestTables.Hourly(TestTables.Sine(600, noise: 0.05)), 7);

        Assert.Equal(own.Values, given.Values);
        Assert.Equal(own.Times, given.Times);
    }

    [Fact]
    public void Loading_gives_predictions_that_are_the_same_to_the_bit()
    {
        using TemporaryFolder folder = new();
        Forecaster forecaster = _sine.Value;
        forecaster.Save(folder.File("model.safetensors"));

        Forecaster loaded = Forecaster.Load(folder.File("model.safetensors"));

        Assert.Equal(forecaster.Predict(9).Values, loaded.Predict(9).Values);
        Assert.Equal(forecaster.Predict(9).Times, loaded.Predict(9).Times);
        Assert.Equal(forecaster.Report!.ToJson(), loaded.Report!.ToJson());
        Assert.Equal(forecaster.Options.Units, loaded.Options.Units);
        Assert.Null(loaded.Training);
        Table table = TestTables.Hourly(TestTables.Sine(300, seed: 9));
        Assert.Equal(forecaster.Evaluate(table).ToJson(), loaded.Evaluate(table).ToJson());
        Assert.Equal(forecaster.PredictRolling(table), loaded.PredictRolling(table));
        Assert.Equal(forecaster.Predict(3).Values, Forecaster.Load(folder.Path).Predict(3).Values);
    }

    [Fact]
    public void Many_threads_predict_at_once()
    {
        Forecaster forecaster = _sine.Value;
        IReadOnlyList<double> expected = forecaster.Predict(6).Values;
        Table table = TestTables.Hourly(TestTables.Sine(200));
        ForecastRow[] rows = [.. forecaster.PredictRolling(table)];

        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i =>
        {
            Assert.Equal(expected, forecaster.Predict(6).Values);
            Assert.Equal(rows, forecaster.PredictRolling(table));
        });
    }

    [Fact]
    public void The_seed_decides_the_weights()
    {
        Table table = TestTables.Hourly(TestTables.Sine(200));
        double[] Values(long seed) => [.. Forecaster.Train(table, "y", TestTables.Quick with { Seed = seed, Dropout = 0.2 }).Predict(3).Values];

        Assert.Equal(Values(0), Values(0));
        Assert.NotEqual(Values(0), Values(1));
    }

    [Fact]
    public void Every_option_of_training_reaches_it()
    {
        Table table = TestTables.Hourly(TestTables.Sine(120));
        ForecastOptions usual = TestTables.Quick with { Epochs = 2 };
        ForecastOptions[] others =
        [
            usual with { Optimizer = OptimizerKind.Sgd },
            usual with { Optimizer = OptimizerKind.Sgd, Momentum = 0.9 },
            usual with { Optimizer = OptimizerKind.Sgd, Momentum = 0.9, Nesterov = true },
            usual with { Optimizer = OptimizerKind.Asgd },
            usual with { Optimizer = OptimizerKind.RmsProp, Momentum = 0.9 },
            usual with { Optimizer = OptimizerKind.AdamW },
            usual with { Optimizer = OptimizerKind.AdamW, WeightDecay = 0.5 },
            usual with { Optimizer = OptimizerKind.Nadam },
            usual with { Optimizer = OptimizerKind.RmsProp },
            usual with { Optimizer = OptimizerKind.Adagrad },
            usual with { Schedule = "halve-after:1" },
            usual with { WeightDecay = 0.2 },
            usual with { LearningRate = 0.02 },
            usual with { ClipNorm = 1e-3, Optimizer = OptimizerKind.Sgd },
            usual with { InitialRange = 0.1 },
            usual with { ForgetBias = 0 },
            usual with { Dropout = 0.5 },
            usual with { BatchSize = 8 },
            usual with { Scale = ScalerKind.MinMax },
            usual with { Units = [6, 6] },
            usual with { Difference = Differencing.None },
            usual with { Validation = 0.3 },
            usual with { Test = 0.4 },
        ];

        double[] predictions = [.. others.Prepend(usual).Select(options => Forecaster.Train(table, "y", options).Predict().Values[0])];

        Assert.Equal(predictions.Length, predictions.Distinct().Count());
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        Table table = TestTables.Hourly(TestTables.Sine(120));
        IReadOnlyList<double> Values(int threads)
        {
            using Device device = Device.Cpu(threads);
            return Forecaster.Train(table, "y", TestTables.Quick with { Dropout = 0.1 }, device).Predict(4).Values;
        }

        Assert.Equal(Values(1), Values(3));
    }

    [Fact]
    public void A_rolling_forecast_stands_at_every_row_with_a_window_the_last_included()
    {
        double[] y = TestTables.Sine(60);
        ForecastRows rows = _sine.Value.PredictRolling(TestTables.Hourly(y));

        Assert.Equal(60 - 20 + 1, rows.ForecastCount);
        Assert.Equal(2 * rows.ForecastCount, rows.Count);
        ForecastRow first = rows[0], last = rows[^1];
        Assert.Equal((TestTables.Start.AddHours(20), 1, y[20], y[19]), (first.Time!.Value, first.Step, first.Actual, first.Naive));
        Assert.Equal((TestTables.Start.AddHours(61), 2, double.NaN, y[59]), (last.Time!.Value, last.Step, last.Actual, last.Naive));
        Assert.Equal(_sine.Value.Predict(TestTables.Hourly(y)).Values, rows.Skip(rows.Count - 2).Select(row => row.Predicted));
    }

    [Fact]
    public void Evaluating_the_test_part_again_gives_the_scores_of_the_report()
    {
        double[] y = TestTables.Sine(600, noise: 0.05);
        // The test part and the window before it.
        ForecastEvaluation evaluation = _sine.Value.Evaluate(TestTables.Hourly(y[460..]));
        ForecastReport report = _sine.Value.Report!;

        Assert.Equal(report.Metrics.Test.Rmse, evaluation.Metrics.Rmse, 6);
        Assert.Equal(report.Baselines.Naive.Rmse, evaluation.Baselines.Naive.Rmse, 9);
        Assert.Equal(report.Baselines.Linear!.Rmse, evaluation.Baselines.Linear!.Rmse, 9);
        Assert.Equal(120, evaluation.Scored.Rows);
    }

    [Fact]
    public void Features_are_used_and_held_at_their_last_values()
    {
        // The feature says what comes next: the target is its past.
        double[] lead = TestTables.Sine(401, noise: 1);
        Table table = new(new NumberColumn("y", lead[..400]), new NumberColumn("lead", lead[1..]), new TextColumn("kind", [.. Enumerable.Range(0, 400).Select(i => i % 3 == 0 ? "a" : "b")]));
        Forecaster forecaster = Forecaster.Train(table, "y", TestTables.Quick with { Features = ["LEAD", "kind"], Epochs = 30, Units = [12] });

        Assert.Equal(["y", "lead", "kind=a", "kind=b"], forecaster.Features);
        Assert.True(forecaster.Report!.Metrics.Test.Rmse < 0.5 * forecaster.Report.Baselines.Naive.Rmse, forecaster.Report.Verdict);
        Assert.Contains("held at their last values", Assert.Single(forecaster.Predict(4).Notes), StringComparison.Ordinal);
        Assert.Empty(forecaster.Predict(4).Times);
    }

    [Theory]
    [InlineData(Differencing.None)]
    [InlineData(Differencing.First)]
    [InlineData(Differencing.Seasonal)]
    public void Every_difference_forecasts_a_season(Differencing difference)
    {
        Forecaster forecaster = Forecaster.Train(TestTables.Hourly(TestTables.Sine(500)), "y",
            TestTables.Quick with { Window = 10, Horizon = 30, Season = 25, Difference = difference, Epochs = 12, Units = [12] });

        Assert.True(forecaster.Report!.Metrics.Test.Rmse < forecaster.Report.Baselines.Naive.Rmse, forecaster.Report.Verdict);
        Forecast forecast = forecaster.Predict(70);
        Assert.All(forecast.Values, value => Assert.InRange(value, -2, 2));
    }

    [Fact]
    public void Refitting_trains_on_all_rows_and_keeps_the_scores()
    {
        Table table = TestTables.Hourly(TestTables.Sine(200));
        Forecaster plain = Forecaster.Train(table, "y", TestTables.Quick), refit = Forecaster.Train(table, "y", TestTables.Quick with { Refit = true });

        Assert.Equal(plain.Report!.Metrics.Test, refit.Report!.Metrics.Test);
        Assert.NotEqual(plain.Predict().Values, refit.Predict().Values);
        Assert.Contains(refit.Report.Data.Notes, note => note.Contains("once more on all rows", StringComparison.Ordinal));
    }

    [Fact]
    public void Cancelling_throws()
    {
        using CancellationTokenSource cancelled = new();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() =>
            Forecaster.Train(TestTables.Hourly(TestTables.Sine(200)), "y", TestTables.Quick, cancellation: cancelled.Token));
    }

    [Fact]
    public void A_picture_lays_forecasts_end_to_end_over_the_test_part()
    {
        ForecastPicture picture = _sine.Value.Training!.Picture;

        Assert.Equal((600, 480), (picture.Actual.Count, picture.TestStart));
        Assert.All(picture.Predicted.Take(480), value => Assert.True(double.IsNaN(value)));
        Assert.All(picture.Predicted.Skip(480), value => Assert.True(double.IsFinite(value)));
        Assert.Equal(picture.Actual[479], picture.Naive[480]);
        Assert.Equal(picture.Actual[479], picture.Naive[481]);
        Assert.Equal(picture.Actual[481], picture.Naive[482]);
    }

    [Fact]
    public void The_newest_rows_of_a_picture_have_a_forecast_where_the_horizon_does_not_divide_the_test_part()
    {
        ForecastPicture picture = Forecaster.Train(TestTables.Of(TestTables.Sine(200)), "y", TestTables.Quick with { Horizon = 7, Epochs = 1 }).Training!.Picture;

        Assert.Equal(160, picture.TestStart);
        Assert.All(picture.Predicted.Skip(165), value => Assert.True(double.IsFinite(value)));
        Assert.All(picture.Predicted.Take(165), value => Assert.True(double.IsNaN(value)));
        Assert.Equal(picture.Actual[192], picture.Naive[199]);
    }

    [Fact]
    public void Too_few_rows_to_predict_from_are_the_datas_fault()
    {
        Table few = TestTables.Hourly(TestTables.Sine(19));
        Assert.Contains("needs 20 rows", Assert.Throws<DataException>(() => _sine.Value.Predict(few)).Message, StringComparison.Ordinal);
        Assert.Throws<DataException>(() => _sine.Value.PredictRolling(few));
        Assert.Throws<DataException>(() => _sine.Value.Evaluate(TestTables.Hourly(TestTables.Sine(21))));
        Assert.Throws<ArgumentOutOfRangeException>(() => _sine.Value.Predict(0));
    }

    [Fact]
    public void A_network_without_a_task_is_no_forecaster()
    {
        using TemporaryFolder folder = new();
        Sequential network = new(new Dense(1));
        network.Build(new Shape(4));
        network.Save(folder.File("model.safetensors"));

        Assert.Contains("no task that this version knows", Assert.Throws<ModelFileException>(() => Forecaster.Load(folder.File("model.safetensors"))).Message, StringComparison.Ordinal);
        Assert.Throws<ModelFileException>(() => Forecaster.Load(folder.File("missing.safetensors")));
    }
}
