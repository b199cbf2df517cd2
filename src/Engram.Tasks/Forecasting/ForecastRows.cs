using System.Collections;
using Engram.Data;

namespace Engram.Tasks;

/// <summary>
/// Forecasts made at many rows of a series, one after the other; for each row the steps ahead in order. Rows are made when they are
/// read: memory is one number for each.
/// </summary>
public sealed class ForecastRows : IReadOnlyList<ForecastRow>
{
    private readonly SeriesData _series;
    private readonly ForecastSpec _spec;
    private readonly SlidingWindows _windows;
    private readonly float[] _outputs;

    internal ForecastRows(SeriesData series, ForecastSpec spec, SlidingWindows windows, float[] outputs)
    {
        (_series, _spec, _windows, _outputs) = (series, spec, windows, outputs);
    }

    /// <summary>Steps ahead in each forecast.</summary>
    public int Horizon => _spec.Horizon;

    /// <summary>Number of forecasts.</summary>
    public int ForecastCount => _windows.Count;

    /// <summary>Number of rows: forecasts times steps ahead.</summary>
    public int Count => _outputs.Length;

    /// <summary>The step between rows.</summary>
    internal TimeStep Step => _series.Step;

    /// <summary>What was done to the data, a sentence each.</summary>
    public IReadOnlyList<string> Notes => _series.Notes;

    /// <inheritdoc/>
    public ForecastRow this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfNegative(index);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
            return Row(LastRowKnown(index / Horizon), (index % Horizon) + 1, _outputs[index]);
        }
    }

    /// <inheritdoc/>
    public IEnumerator<ForecastRow> GetEnumerator()
    {
        for (int forecast = 0; forecast < ForecastCount; forecast++)
        {
            int row = LastRowKnown(forecast);
            for (int step = 1; step <= Horizon; step++)
            {
                yield return Row(row, step, _outputs[(forecast * Horizon) + step - 1]);
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The series row after which a forecast was made.</summary>
    internal int LastRowKnown(int forecast) => _windows.LastInputRow(forecast);

    private ForecastRow Row(int row, int step, float output)
    {
        ReadOnlySpan<double> values = _series.Values.Span;
        int due = row + step, features = _series.FeatureCount;
        bool isThere = due < SegmentEnd(row);
        double actual = isThere && !_series.Filled.Span[due] ? values[due * features] : double.NaN;
        return new ForecastRow(due + 1, TimeOf(row, step, isThere), step, actual, _spec.Decode(values, row, step, output), values[row * features]);
    }

    private DateTime? TimeOf(int row, int step, bool isThere)
    {
        if (_series.Times.IsEmpty)
        {
            return null;
        }
        ReadOnlySpan<DateTime> times = _series.Times.Span;
        if (isThere)
        {
            return times[row + step];
        }
        return _spec.Schema.Step.IsRegular && _spec.Schema.Step.Next(times[row], step) is var next && next.Length == step ? next[^1] : null;
    }

    /// <summary>The row behind the stretch without gaps in which a row lies.</summary>
    private int SegmentEnd(int row)
    {
        IReadOnlyList<int> starts = _series.SegmentStarts;
        int low = 0, high = starts.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = starts[middle] <= row ? (middle + 1, high) : (low, middle);
        }
        return low < starts.Count ? starts[low] : _series.RowCount;
    }
}
