using Engram.Data;
using Engram.Tasks.Tests.Forecasting;
using Engram.Training;

namespace Engram.Tasks.Tests.TrainingRuns;

public sealed class RepeatedRatesTests
{
    [Fact]
    public void A_refit_goes_through_the_rates_of_the_training_before()
    {
        var rates = new List<double>();
        Table table = TestTables.Hourly(TestTables.Sine(200));
        ForecastOptions options = TestTables.Quick with { Epochs = 4, Schedule = "step:1:0.5", Refit = true, LearningRate = 0.01 };
        Forecaster forecaster = Forecaster.Train(table, "y", options);
        History history = forecaster.Training!.History;
        var repeated = new RepeatedRates(history);

        Assert.Equal([0.01, 0.005, 0.0025, 0.00125], history.Epochs.Select(epoch => epoch.LearningRate), (a, b) => Math.Abs(a - b) < 1e-15);
        for (int epoch = 0; epoch < 6; epoch++)
        {
            rates.Add(repeated.RateAt(1, new TrainingPosition(epoch + 0.5, 6, 9, new History())));
        }
        Assert.Equal([.. history.Epochs.Select(epoch => epoch.LearningRate), 0.00125, 0.00125], rates, (a, b) => Math.Abs(a - b) < 1e-15);
    }
}
