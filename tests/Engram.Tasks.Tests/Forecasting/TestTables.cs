using System.Globalization;
using Engram.Data;

namespace Engram.Tasks.Tests.Forecasting;

/// <summary>Small series whose answers are known.</summary>
internal static class TestTables
{
    public static readonly DateTime Start = new(2020, 1, 1);

    /// <summary>Options that train in a moment.</summary>
    public static ForecastOptions Quick { get; } = new() { Window = 8, Units = [6], Epochs = 3, LearningRate = 0.01, Season = 0 };

    public static Table Of(params double[] values) => new(new NumberColumn("y", values));

    public static Table Hourly(params double[] values) =>
        new(new TimeColumn("time", [.. values.Select((_, i) => Start.AddHours(i))]), new NumberColumn("y", values));

    /// <summary>sin(2π t / 25), with normal noise.</summary>
    public static double[] Sine(int rows, double noise = 0.02, long seed = 1)
    {
        RandomStream random = new(seed);
        return [.. Enumerable.Range(0, rows).Select(t => Math.Sin(2 * Math.PI * t / 25) + (noise * random.Normal(t)))];
    }

    /// <summary>y(t) = 1.2 y(t−1) − 0.5 y(t−2) + 3 + noise.</summary>
    public static double[] LinearProcess(int rows, double noise)
    {
        RandomStream random = new(2);
        double[] y = new double[rows];
        (y[0], y[1]) = (10, 10);
        for (int t = 2; t < rows; t++)
        {
            y[t] = (1.2 * y[t - 1]) - (0.5 * y[t - 2]) + 3 + (noise * random.Normal(t));
        }
        return y;
    }

    public static void WriteCsv(string path, double[] values, int first = 0) => File.WriteAllLines(
        path,
        ["time,y", .. values.Select((y, i) => string.Create(CultureInfo.InvariantCulture, $"{Start.AddHours(first + i):yyyy-MM-dd HH:mm:ss},{y:R}"))]);
}
