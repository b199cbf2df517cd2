using System.Globalization;
using Engram.Plots.Axes;

namespace Engram.Plots.Panels;

/// <summary>A checked series with its forecast, and where its points lie on the horizontal axis.</summary>
internal sealed class ForecastData
{
    public ForecastData(IReadOnlyList<double> actual, IReadOnlyList<double> predicted, ForecastChartOptions options)
    {
        int count = actual.Count;
        ArgumentOutOfRangeException.ThrowIfZero(count, nameof(actual));
        CheckLength(predicted.Count, count, nameof(predicted));
        foreach (Baseline baseline in options.Baselines)
        {
            CheckLength(baseline.Values.Count, count, $"baseline \"{baseline.Label}\"");
        }
        if (options.TestStart is int test && (test < 0 || test > count))
        {
            throw new ArgumentException($"The test part starts at step {test}, but the series has the steps 0 to {count - 1}.", nameof(options));
        }
        if (options.Times is { } times)
        {
            CheckLength(times.Count, count, nameof(options.Times));
            for (int index = 1; index < count; index++)
            {
                if (times[index] < times[index - 1])
                {
                    throw new ArgumentException($"Times must not go back, but Times[{index}] is before Times[{index - 1}]: sort the series first.", nameof(options));
                }
            }
        }
        Actual = actual;
        Predicted = predicted;
        Options = options;
    }

    public IReadOnlyList<double> Actual { get; }

    public IReadOnlyList<double> Predicted { get; }

    public ForecastChartOptions Options { get; }

    public int? TestStart => Options.TestStart;

    /// <summary>True where the whole series would press the steps of its end into a few pixels.</summary>
    public bool HasDetail => Options.DetailSteps > 0 && Actual.Count > 2 * Options.DetailSteps;

    public int DetailFrom => Actual.Count - Options.DetailSteps;

    public string DetailCaption => string.Create(CultureInfo.InvariantCulture, $"last {Options.DetailSteps} steps, shaded above");

    public string SplitWords =>
        Options.Times is { } times && TestStart is int test && test < times.Count
            ? Options.SplitLabel + " " + times[test].ToString(times[test].TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)
            : Options.SplitLabel;

    /// <summary>Seconds since the first time stamp, or the index where there are none.</summary>
    public double X(int index) => Options.Times is { } times ? (times[index] - times[0]).TotalSeconds : index;

    public IEnumerable<AxisTick> Ticks(int from, int to, Sheet sheet) =>
        Options.Times is { } times
            ? TimeTicks.Between(times[from], times[to - 1], sheet.MostTicksAcross).Select(tick => new AxisTick((tick.Time - times[0]).TotalSeconds, tick.Label))
            : AxisTicks.Linear(from, to - 1, sheet.MostNumbersAcross, integersOnly: true);

    private static void CheckLength(int length, int expected, string what)
    {
        if (length != expected)
        {
            throw new ArgumentException(
                $"{what} has {length} values, but the actual series has {expected}: give one for each step, NaN where there is none.", what);
        }
    }
}
