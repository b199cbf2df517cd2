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
    private readonly SlidingWindows _windows;
    private readonly float[] _predicted;

    internal ForecastRows(SeriesData series, SlidingWindows windows, float[] predicted, int horizon)
    {
        (_series, _windows, _predicted, Horizon) = (series, windows, predicted, horizon);
    }

    /// <summary>Steps ahead in each forecast.</summary>
    public int Horizon { get; }

    /// <summary>Number of forecasts.</summary>
    public int ForecastCount => _windows.Count;

    /// <summary>Number of rows: forecasts times steps ahead.</summary>
    public int Count => _predicted.Length;

    /// <inheritdoc/>
    public ForecastRow this[int index] => throw new NotImplementedException();

    /// <inheritdoc/>
    public IEnumerator<ForecastRow> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
