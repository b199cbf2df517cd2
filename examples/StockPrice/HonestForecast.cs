using Engram.Data;
using Engram.Training;

namespace Engram.Examples.StockPrice;

/// <summary>The tutorial's network, trained on the oldest prices alone. The scaler is theirs too.</summary>
internal static class HonestForecast
{
    /// <param name="prices">All prices.</param>
    /// <param name="testStart">The first row that training does not see.</param>
    /// <param name="epochs">Epochs of training.</param>
    /// <returns>The forecast of every price but the first 60.</returns>
    public static double[] Run(double[] prices, int testStart, int epochs)
    {
        MinMaxScaler scaler = MinMaxScaler.Fit(prices.AsSpan(0, testStart));
        float[] scaled = [.. prices.Select(price => (float)scaler.Transform(price))];
        var windows = new SlidingWindowsOptions { Window = 60 };
        var training = new SlidingWindows(scaled, features: 1, windows with { TargetRows = ..testStart });

        var model = new Sequential(new Lstm(50) { ReturnSequences = true }, new Lstm(50), new Dense(1));
        model.Compile(new Adam(), Loss.MeanSquaredError);
        model.Fit(training, new FitOptions { Epochs = epochs, BatchSize = 32, Callbacks = [new EpochLines()] });

        Tensor predicted = model.Predict(new SlidingWindows(scaled, features: 1, windows));
        return [.. predicted.ToArray().Select(value => scaler.Inverse(value))];
    }
}
