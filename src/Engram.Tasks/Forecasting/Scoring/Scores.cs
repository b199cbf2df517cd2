using System.Globalization;
using Engram.Data;

namespace Engram.Tasks;

/// <summary>Scores forecasts and the baselines on the same targets.</summary>
internal static class Scores
{
    /// <summary>Differences of the RMSE below this many percent are none.</summary>
    private const double Negligible = 0.5;

    public static ForecastMetrics Of(ForecastRows rows, ForecastSpec spec)
    {
        ErrorSums sums = new(spec.Horizon, spec.NaiveError);
        foreach (ForecastRow row in rows)
        {
            sums.Add(row.Step, row.Predicted, row.Actual);
        }
        return sums.ToMetrics();
    }

    public static ForecastBaselines Baselines(
        SeriesData series, ForecastSpec spec, SlidingWindows windows, LinearAutoregression? linear, CancellationToken cancellation)
    {
        ErrorSums naive = Sums(), seasonal = Sums(), regression = Sums();
        ReadOnlySpan<double> values = series.Values.Span;
        int features = series.FeatureCount;
        double[] regressed = new double[spec.Horizon];
        for (int sample = 0; sample < windows.Count; sample++)
        {
            cancellation.ThrowIfCancellationRequested();
            int row = windows.LastInputRow(sample);
            linear?.Predict(values, row, regressed);
            for (int step = 1; step <= spec.Horizon; step++)
            {
                double last = values[row * features], actual = values[(row + step) * features];
                naive.Add(step, last, actual);
                if (spec.Season > 0)
                {
                    int before = ForecastSpec.SeasonBefore(row, step, spec.Season);
                    seasonal.Add(step, before >= 0 ? values[before * features] : last, actual);
                }
                if (linear is not null)
                {
                    regression.Add(step, regressed[step - 1], actual);
                }
            }
        }
        return new ForecastBaselines(naive.ToMetrics())
        {
            SeasonalNaive = spec.Season > 0 ? seasonal.ToMetrics() : null,
            Linear = linear is null ? null : regression.ToMetrics(),
        };

        ErrorSums Sums() => new(spec.Horizon, spec.NaiveError);
    }

    /// <summary>The result in words, against the best baseline by RMSE.</summary>
    public static string Verdict(ForecastMetrics metrics, ForecastBaselines baselines)
    {
        (string name, ForecastMetrics best) = baselines.Best;
        double percent = best.Rmse > 0 ? 100 * (best.Rmse - metrics.Rmse) / best.Rmse : metrics.Rmse > 0 ? double.NegativeInfinity : 0;
        if (Math.Abs(percent) < Negligible)
        {
            return string.Create(CultureInfo.InvariantCulture, $"no better than the best baseline ({name}): the RMSE differs by less than {Negligible}%");
        }
        const double countable = -1000;
        return !double.IsFinite(percent) ? $"worse than the best baseline ({name})"
            : percent < countable ? string.Create(CultureInfo.InvariantCulture, $"worse than the best baseline ({name}): {metrics.Rmse / best.Rmse:N0} times its RMSE")
            : string.Create(CultureInfo.InvariantCulture, $"{(percent > 0 ? "better" : "worse")} than the best baseline ({name}) by {Math.Abs(percent):F1}% RMSE");
    }
}
