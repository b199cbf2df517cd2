namespace Engram.Tasks;

/// <summary>
/// What a picture of a forecast shows: the whole series, and for the test part a forecast at every row. Where the horizon is above 1,
/// forecasts are laid end to end, back from the newest, each drawn over its whole horizon from the row at which it was made.
/// </summary>
public sealed class ForecastPicture
{
    internal ForecastPicture(double[] actual, double[] predicted, double[] naive, ReadOnlyMemory<DateTime> times, int testStart)
    {
        Actual = actual;
        Predicted = predicted;
        Naive = naive;
        Times = times.IsEmpty ? null : times.ToArray();
        TestStart = testStart;
    }

    /// <summary>The series, row by row, oldest first, in original units.</summary>
    public IReadOnlyList<double> Actual { get; }

    /// <summary>The forecast for each row; NaN before the test part and where there is none.</summary>
    public IReadOnlyList<double> Predicted { get; }

    /// <summary>The naive forecast for each row; NaN where there is no <see cref="Predicted"/>.</summary>
    public IReadOnlyList<double> Naive { get; }

    /// <summary>The time stamp of each row; null where the data have none.</summary>
    public IReadOnlyList<DateTime>? Times { get; }

    /// <summary>The first row of the test part.</summary>
    public int TestStart { get; }
}
