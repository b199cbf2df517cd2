using Engram.Data;
using Engram.Training;

namespace Engram.Examples.StockPrice;

/// <summary>Section 6.1 line for line: the scaler sees all prices, and so do training and score.</summary>
internal static class TutorialForecast
{
    /// <returns>The forecast of every price but the first 60, each from the 60 before it.</returns>
    public static double[] Run(double[] prices, int epochs)
    {
        // Preprocess
        MinMaxScaler scaler = MinMaxScaler.Fit(prices);
        float[] scaled = [.. prices.Select(price => (float)scaler.Transform(price))];

        // Windows of 60 prices, and the price that follows each
        var windows = new SlidingWindows(scaled, features: 1, new SlidingWindowsOptions { Window = 60 });

        // Model
        var model = new Sequential(
            new Lstm(50) { ReturnSequences = true },
            new Lstm(50),
            new Dense(1));

        // Compile
        model.Compile(new Adam(), Loss.MeanSquaredError);

        // Train
        model.Fit(windows, new FitOptions { Epochs = epochs, BatchSize = 32, Callbacks = [new EpochLines()] });

        // Predict, back in dollars
        Tensor predicted = model.Predict(windows);
        return [.. predicted.ToArray().Select(value => scaler.Inverse(value))];
    }
}
