using System.Diagnostics;
using Engram.Data;
using Engram.Plots;
using Engram.Tasks;

namespace Engram.Examples.StockPrice;

/// <summary>The tutorial's forecast with its plot; beneath it the same network where it has not seen the answers, and simple forecasts.</summary>
internal static class StockPriceExample
{
    private const int Window = 60;

    public static void Run(Table table, int epochs, string folder)
    {
        Directory.CreateDirectory(folder);
        double[] prices = table.Numbers("close");
        int testStart = prices.Length * 4 / 5;
        double[] naive = [double.NaN, .. prices[..^1]];

        Console.WriteLine($"1. Section 6.1 as it stands: trained on all {prices.Length:#,0} prices, scored on the same");
        double[] tutorial = Timed(() => TutorialForecast.Run(prices, epochs));
        Console.WriteLine(
            $"""
               RMSE of the network          {Rmse(prices, tutorial, Window..)} dollars
               RMSE of the day before       {Rmse(prices, naive, Window..)}

            2. The same network, trained on the first {testStart:#,0} prices
            """);
        double[] honest = Timed(() => HonestForecast.Run(prices, testStart, epochs));
        Console.WriteLine(
            $"""
               RMSE on these prices         {Rmse(prices, honest, Window..testStart)} dollars
               RMSE on the {prices.Length - testStart:#,0} after them  {Rmse(prices, honest, testStart..)}
               RMSE of the day before       {Rmse(prices, naive, testStart..)}

            3. What the library does by itself: learn the change since the last price
            """);
        Forecaster forecaster = Forecaster.Train(table, target: "close", new ForecastOptions { Epochs = epochs });
        ForecastReport report = forecaster.Report!;
        Console.WriteLine($"   RMSE of the network          {report.Metrics.Test.Rmse:0.00} dollars, after {report.Training.Seconds:0} s");
        foreach ((string name, ForecastMetrics metrics) in report.Baselines.All)
        {
            Console.WriteLine($"   {"RMSE of " + name,-28} {metrics.Rmse:0.00}");
        }
        Console.WriteLine($"   {report.Verdict}\n");

        Picture picture = Picture.Stack(
            StockPricePictures.Tutorial(prices, tutorial),
            StockPricePictures.Honest(table.Times("date"), prices, honest, naive, testStart));
        picture.Save(Path.Combine(folder, "stock-price.png"));
        Console.WriteLine("Picture: stock-price.png");
    }

    /// <summary>The forecasts behind as many empty rows as the first window holds.</summary>
    private static double[] Timed(Func<double[]> forecast)
    {
        long start = Stopwatch.GetTimestamp();
        double[] predicted = forecast();
        Console.WriteLine($"   {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s");
        return [.. Enumerable.Repeat(double.NaN, Window), .. predicted];
    }

    private static string Rmse(double[] actual, double[] predicted, Range rows) =>
        $"{Math.Sqrt(actual[rows].Zip(predicted[rows], (a, p) => (p - a) * (p - a)).Average()):0.00}";
}
