using System.Globalization;
using Engram.Data;

namespace Engram.Tasks;

public sealed partial class Forecaster
{
    /// <summary>Forecasts what follows the data trained on, whose last window the forecaster keeps.</summary>
    /// <param name="count">
    /// Steps ahead, 1 or more; the trained horizon where not given. Beyond the horizon predictions are fed back as if they had come,
    /// other features held at their last values; <see cref="Forecast.Notes"/> says so.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    /// <exception cref="DataException">The data trained on end with fewer rows than a window after a gap.</exception>
    public Forecast Predict(int? count = null) => Continue(_document.Tail, count ?? Horizon, []);

    /// <summary>Forecasts what follows the last row of a table of the same columns.</summary>
    /// <param name="data">At least a window of rows.</param>
    /// <param name="count">See <see cref="Predict(int?)"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is below 1.</exception>
    /// <exception cref="DataException">The data are at fault: a column, a cell, fewer rows than a window.</exception>
    public Forecast Predict(Table data, int? count = null)
    {
        SeriesData series = SeriesData.FromTable(data, Spec.Schema);
        return Continue(ForecastTail.Of(series, Spec.RowsNeeded), count ?? Horizon, series.Notes);
    }

    /// <summary>A forecast over the trained horizon at every row that has a window before it.</summary>
    /// <param name="data">At least a window of rows.</param>
    /// <param name="cancellation">Ends it between batches.</param>
    /// <exception cref="DataException">The data are at fault: a column, a cell, fewer rows than a window.</exception>
    public ForecastRows PredictRolling(Table data, CancellationToken cancellation = default)
    {
        ForecastSeries series = new(SeriesData.FromTable(data, Spec.Schema), Spec);
        SlidingWindows windows = series.AllInputs();
        RequireRows(windows.Count > 0, LongestStretch(series.Data));
        return series.Predict(Model, windows, cancellation);
    }

    /// <summary>Scores the forecaster beside the baselines on all rows of a table that have a window before them.</summary>
    /// <param name="data">At least a window and a horizon of rows.</param>
    /// <param name="cancellation">Ends it between batches.</param>
    /// <exception cref="DataException">The data are at fault: a column, a cell, fewer rows than a window and a horizon.</exception>
    public ForecastEvaluation Evaluate(Table data, CancellationToken cancellation = default)
    {
        ForecastSeries series = new(SeriesData.FromTable(data, Spec.Schema), Spec);
        SlidingWindows windows = series.Windows(Range.All);
        RequireRows(windows.Count > 0, LongestStretch(series.Data), Horizon);
        ForecastMetrics metrics = Scores.Of(series.Predict(Model, windows, cancellation), Spec);
        ForecastBaselines baselines = Scores.Baselines(series.Data, Spec, windows, _document.Linear?.ToBaseline(Spec), cancellation);
        return new ForecastEvaluation
        {
            Data = new ReportData(data.Files, data.Sha256, data.RowCount, series.Data.OriginalRowCount, [.. data.Notes, .. series.Data.Notes]),
            Scored = ReportParts.Of(series.Data, windows.LastInputRow(0) + 1, windows.LastInputRow(windows.Count - 1) + 1 + Horizon),
            Metrics = metrics,
            Baselines = baselines,
            Verdict = Scores.Verdict(metrics, baselines),
        };
    }

    private Forecast Continue(ForecastTail tail, int count, IReadOnlyList<string> notes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        int features = Spec.Schema.Features.Count, rows = tail.Values.Length / features;
        RequireRows(rows >= Spec.RowsNeeded, rows);
        List<double> known = [.. tail.Values[^(Spec.RowsNeeded * features)..]];
        double[] forecast = new double[count];
        for (int done = 0; done < count; done += Horizon)
        {
            double[] values = [.. known[^(Spec.RowsNeeded * features)..]];
            int last = Spec.RowsNeeded - 1;
            float[] outputs = Model.Predict(Inputs(values)).ToArray();
            for (int step = 1; step <= Math.Min(Horizon, count - done); step++)
            {
                double value = Spec.Decode(values, last, step, outputs[^(Horizon - step + 1)]);
                forecast[done + step - 1] = value;
                known.Add(value);
                known.AddRange(values.AsSpan((last * features) + 1, features - 1));
            }
        }
        DateTime[] times = tail.LastTime is { } time && Step.IsRegular ? Step.Next(time, count) : [];
        return new Forecast(forecast, times, Step, tail.LastTime, [.. notes, .. Assumptions(count, features)]);
    }

    /// <summary>The last window of some rows.</summary>
    private SlidingWindows Inputs(double[] values)
    {
        int features = Spec.Schema.Features.Count;
        float[] scaled = new float[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            scaled[i] = (float)Spec.Scalers[i % features].Transform(values[i]);
        }
        return Spec.Windows(scaled, Range.All, [0], default, inputsOnly: true);
    }

    private IEnumerable<string> Assumptions(int count, int features)
    {
        if (count > Horizon)
        {
            string held = features > 1 ? "; the other features are held at their last values" : "";
            yield return string.Create(CultureInfo.InvariantCulture,
                $"The model predicts {Horizon} {(Horizon == 1 ? "step" : "steps")} ahead; beyond them its own predictions are taken as if they had come{held}.");
        }
    }

    private static int LongestStretch(SeriesData data)
    {
        int longest = 0;
        for (int i = 0; i < data.SegmentStarts.Count; i++)
        {
            int end = i + 1 < data.SegmentStarts.Count ? data.SegmentStarts[i + 1] : data.RowCount;
            longest = Math.Max(longest, end - data.SegmentStarts[i]);
        }
        return longest;
    }

    private void RequireRows(bool holds, int rows, int more = 0)
    {
        if (!holds)
        {
            string after = more > 0 ? string.Create(CultureInfo.InvariantCulture, $" and {more} after them to compare with") : "";
            throw new DataException(string.Create(CultureInfo.InvariantCulture,
                $"The model needs {Spec.RowsNeeded} rows without a gap before a forecast{after}; there are {rows}. Give the rows that come before, too."));
        }
    }
}
