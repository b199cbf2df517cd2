using Engram.Plots;

namespace Engram.Examples.StockPrice;

/// <summary>The tutorial's plot, and the one that can be believed.</summary>
internal static class StockPricePictures
{
    public static Picture Tutorial(double[] prices, double[] predicted) => Charts.Forecast(prices, predicted, new ForecastChartOptions
    {
        Title = "Stock Price Prediction",
        XLabel = "Time",
        YLabel = "Stock Price",
        ActualLabel = "Actual Stock Price",
        PredictedLabel = "Predicted Stock Price",
        DetailSteps = 0,
    });

    public static Picture Honest(DateTime[] times, double[] prices, double[] predicted, double[] naive, int testStart) =>
        Charts.Forecast(prices, predicted, new ForecastChartOptions
        {
            Title = "The same network, trained on the first 80% alone",
            XLabel = "Time",
            YLabel = "Stock Price",
            ActualLabel = "Actual Stock Price",
            PredictedLabel = "Predicted Stock Price",
            Times = times,
            TestStart = testStart,
            Baselines = [new Baseline("The day before", naive)],
        });
}
