using Engram.Data;

namespace Engram.Tasks;

/// <summary>Lays forecasts over a series.</summary>
internal static class ForecastPictures
{
    public static ForecastPicture Of(SeriesData data, ForecastRows rows, int testStart)
    {
        double[] predicted = new double[data.RowCount], naive = new double[data.RowCount];
        predicted.AsSpan().Fill(double.NaN);
        naive.AsSpan().Fill(double.NaN);
        // From the end, so that the newest rows, which a reader looks at first, have their forecast.
        int taken = data.RowCount;
        for (int forecast = rows.ForecastCount - 1; forecast >= 0; forecast--)
        {
            int next = rows.LastRowKnown(forecast) + 1;
            if (next + rows.Horizon > taken)
            {
                continue;
            }
            for (int step = 0; step < rows.Horizon; step++)
            {
                ForecastRow row = rows[(forecast * rows.Horizon) + step];
                (predicted[next + step], naive[next + step]) = (row.Predicted, row.Naive);
            }
            taken = next;
        }
        return new ForecastPicture(Known(data), predicted, naive, data.Times, testStart);
    }

    /// <summary>The target where it is known; a line breaks where it was made up.</summary>
    private static double[] Known(SeriesData data)
    {
        double[] target = data.Target(..);
        for (int row = 0; row < target.Length; row++)
        {
            target[row] = data.Filled.Span[row] ? double.NaN : target[row];
        }
        return target;
    }
}
