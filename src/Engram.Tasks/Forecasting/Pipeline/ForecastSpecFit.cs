using System.Globalization;
using Engram.Data;

namespace Engram.Tasks;

/// <summary>Finds a <see cref="ForecastSpec"/> from the training part of a series.</summary>
internal static class ForecastSpecFit
{
    /// <summary>
    /// A feature drifts where the means of this many equal stretches of the training part carry more than half of its variance:
    /// its level says when it was, not what comes next.
    /// </summary>
    private const int DriftStretches = 10;

    private const double DriftShare = 0.5;

    /// <summary>Windows looked at to compare differences: enough to tell, few enough to be done in no time.</summary>
    private const int MostRowsLookedAt = 200_000;

    /// <summary>Fits the specification.</summary>
    /// <param name="series">All rows.</param>
    /// <param name="training">The rows to fit to, from the first.</param>
    /// <param name="options">Window, horizon, scale, difference.</param>
    /// <param name="season">Rows to a season; 0 where there is none.</param>
    /// <param name="notes">Receives what was decided.</param>
    public static ForecastSpec Fit(SeriesData series, Range training, ForecastOptions options, int season, List<string> notes)
    {
        int end = training.GetOffsetAndLength(series.RowCount).Length;
        Scaler[] scalers = series.FitScalers(options.Scale, training);
        Spread spread = Measure(series, end, options.Horizon, season);
        RequireFinite(series, scalers);
        RequireChange(series, spread);
        (Differencing difference, double rms) = Choose(spread, options, season, series.Schema.Features[0].Name, notes);
        int[] relative = difference == Differencing.First ? Drifting(series, end) : [];
        if (relative.Length > 0)
        {
            notes.Add($"The network sees {string.Join(", ", relative.Select(feature => series.Schema.Features[feature].Name))} relative to the last value of each window.");
        }
        double targetScale = difference == Differencing.None || rms == 0 ? 1 : rms / scalers[0].Scale;
        return new ForecastSpec
        {
            Schema = series.Schema,
            Window = options.Window,
            Horizon = options.Horizon,
            Season = season,
            Difference = difference,
            Relative = relative,
            Scalers = scalers,
            TargetScale = targetScale,
            NaiveError = spread.NaiveError,
        };
    }

    private static (Differencing Difference, double Rms) Choose(
        Spread spread, ForecastOptions options, int season, string target, List<string> notes)
    {
        (Differencing Difference, double Rms)[] all =
            [(Differencing.First, spread.First), (Differencing.Seasonal, spread.Seasonal), (Differencing.None, spread.None)];
        if (options.Difference != Differencing.Auto)
        {
            return Array.Find(all, one => one.Difference == options.Difference);
        }
        (Differencing Difference, double Rms)[] possible = [.. all.Where(one => one.Difference != Differencing.Seasonal || spread.IsSeasonKnown)];
        (Differencing Difference, double Rms) best = possible.MinBy(one => one.Rms);
        string what = best.Difference switch
        {
            Differencing.First => $"the change of '{target}' since the last value",
            Differencing.Seasonal => $"the change of '{target}' since the season ({season} rows) before",
            _ => $"the values of '{target}' themselves",
        };
        string rivals = string.Join(", ", possible.Select(one =>
            string.Create(CultureInfo.InvariantCulture, $"{one.Rms:G4} ({(one.Difference == Differencing.None ? "values" : one.Difference == Differencing.First ? "from the last value" : "from the season before")})")));
        notes.Add($"The network learns {what}: of the root mean squares on the training part, {rivals}, that is the smallest.");
        return best;
    }

    private static int[] Drifting(SeriesData series, int end)
    {
        // The target is one of them whether or not it drifts: its change is learned, so its change is shown.
        List<int> drifting = [0];
        for (int feature = 1; feature < series.FeatureCount; feature++)
        {
            if (series.Schema.Features[feature].Level is null && DriftOf(series, feature, end) > DriftShare)
            {
                drifting.Add(feature);
            }
        }
        return [.. drifting];
    }

    /// <summary>Share of the variance that lies between the means of equal stretches.</summary>
    internal static double DriftOf(SeriesData series, int feature, int end)
    {
        StandardScaler whole = Standard(0, end);
        double between = 0;
        for (int stretch = 0; stretch < DriftStretches; stretch++)
        {
            int first = (int)((long)end * stretch / DriftStretches), last = (int)((long)end * (stretch + 1) / DriftStretches);
            double away = first == last ? 0 : Standard(first, last).Mean - whole.Mean;
            between += away * away / DriftStretches;
        }
        return whole.Deviation == 0 ? 0 : between / (whole.Deviation * whole.Deviation);

        StandardScaler Standard(int first, int last) =>
            StandardScaler.Fit(series.Values.Span[(first * series.FeatureCount)..(last * series.FeatureCount)], series.FeatureCount, feature);
    }

    private static void RequireFinite(SeriesData series, Scaler[] scalers)
    {
        for (int feature = 0; feature < scalers.Length; feature++)
        {
            if (!double.IsFinite(scalers[feature].Offset) || !double.IsFinite(scalers[feature].Scale))
            {
                string column = series.Schema.Features[feature].Column;
                throw new DataException($"The numbers of '{column}' are too large for their mean and deviation to be computed. Give them in a larger unit.", column: column);
            }
        }
    }

    private static void RequireChange(SeriesData series, Spread spread)
    {
        if (spread.NaiveError == 0)
        {
            string target = series.Schema.Features[0].Column;
            throw new DataException($"The target '{target}' never changes in the training part: there is nothing to learn. Choose another column, or data in which it changes.", column: target);
        }
    }

    /// <summary>
    /// Root mean squares, over windows and steps ahead, of the target about its mean and of its two differences, and the mean absolute
    /// one-step change. Steps across a gap, and made-up targets, do not count.
    /// </summary>
    private static Spread Measure(SeriesData series, int end, int horizon, int season)
    {
        ReadOnlySpan<double> values = series.Values.Span;
        ReadOnlySpan<bool> filled = series.Filled.Span;
        int features = series.FeatureCount;
        double mean = StandardScaler.Fit(values[..(end * features)], features).Mean;
        int stride = Math.Max(1, end / MostRowsLookedAt);
        double none = 0, first = 0, seasonal = 0, change = 0;
        long count = 0, seasons = 0, changes = 0;
        for (int segment = 0; segment < series.SegmentStarts.Count; segment++)
        {
            int start = series.SegmentStarts[segment];
            int stop = Math.Min(end, segment + 1 < series.SegmentStarts.Count ? series.SegmentStarts[segment + 1] : end);
            for (int row = start; row + 1 < stop; row++)
            {
                if (!filled[row + 1])
                {
                    change += Math.Abs(values[(row + 1) * features] - values[row * features]);
                    changes++;
                }
            }
            for (int row = start; row + horizon < stop; row += stride)
            {
                for (int step = 1; step <= horizon; step++)
                {
                    if (filled[row + step])
                    {
                        continue;
                    }
                    double actual = values[(row + step) * features];
                    none += Square(actual - mean);
                    first += Square(actual - values[row * features]);
                    count++;
                    int before = season == 0 ? -1 : ForecastSpec.SeasonBefore(row, step, season);
                    if (before >= start)
                    {
                        seasonal += Square(actual - values[before * features]);
                        seasons++;
                    }
                }
            }
        }
        return new Spread(
            count == 0 ? double.NaN : Math.Sqrt(none / count),
            count == 0 ? double.NaN : Math.Sqrt(first / count),
            seasons == 0 ? double.NaN : Math.Sqrt(seasonal / seasons),
            changes == 0 ? 0 : change / changes,
            // Windows without a season before them cannot be learned from: where those are most, the season is too long for the data.
            seasons > 0 && 2 * seasons >= count);
    }

    private static double Square(double x) => x * x;

    private readonly record struct Spread(double None, double First, double Seasonal, double NaiveError, bool IsSeasonKnown);
}
