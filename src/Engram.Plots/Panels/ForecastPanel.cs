using Engram.Plots.Axes;
using Engram.Plots.Fonts;
using ScottPlot;

namespace Engram.Plots.Panels;

/// <summary>A stretch of a series with what was predicted for it.</summary>
internal sealed class ForecastPanel(ForecastData data, int from, int to, ForecastPanelKind kind) : Panel
{
    private const int DotsUpTo = 60;

    public override int Height => kind switch
    {
        ForecastPanelKind.Overview => 420,
        ForecastPanelKind.Detail => 440,
        _ => 600,
    };

    public override IEnumerable<string> Labels =>
        [Options.Title, Options.XLabel, Options.YLabel, .. Legend().Select(entry => entry.Label), Options.SplitLabel];

    private ForecastChartOptions Options => data.Options;

    // In the whole of a long series the baselines are indistinguishable from the forecast: they only hide it.
    private bool DrawsBaselines => kind != ForecastPanelKind.Overview;

    public override Plot Draw(LabelFonts fonts, int width, int height)
    {
        Sheet sheet = new(fonts, width, height);
        bool isDetail = kind == ForecastPanelKind.Detail;
        sheet.Titles(isDetail ? string.Empty : Options.Title, kind == ForecastPanelKind.Overview ? string.Empty : Options.XLabel, Options.YLabel);
        double start = data.X(from);
        double end = data.X(to - 1);
        double margin = end > start ? (end - start) * 0.01 : 0.5;
        AxisRange across = new(start - margin, end + margin);
        // A baseline that runs away must not squash the rest: it leaves the picture instead. The margin is room for the words at the top.
        AxisRange up = AxisRange.Around(Stretch(data.Actual).Concat(Stretch(data.Predicted)), margin: 0.12);
        sheet.Limits(across, up);
        sheet.TicksAcross(data.Ticks(from, to, sheet));
        sheet.TicksUp(AxisTicks.Linear(up.From, up.To, sheet.MostTicksUp));

        if (kind == ForecastPanelKind.Overview)
        {
            sheet.Band(data.X(data.DetailFrom), across.To);
        }
        if (isDetail)
        {
            sheet.Words(data.DetailCaption, across.From, up.To, Look.QuietText, Alignment.UpperLeft).OffsetX = 8;
        }
        DrawLines(sheet);
        if (data.TestStart is int test && test > from && test < to)
        {
            sheet.Split(data.X(test), data.SplitWords, across, up);
        }
        if (!isDetail)
        {
            sheet.Legend(Legend());
        }
        return sheet.Plot;
    }

    private void DrawLines(Sheet sheet)
    {
        bool dots = to - from <= DotsUpTo;
        float lineWidth = kind == ForecastPanelKind.Detail ? Look.LineWidth : Look.LineWidthFor(to - from);
        if (DrawsBaselines)
        {
            for (int index = 0; index < Options.Baselines.Count; index++)
            {
                sheet.Line(data.X, Options.Baselines[index].Values, from, to, PaleAt(index), lineWidth);
            }
        }
        sheet.Line(data.X, data.Actual, from, to, Look.Blue, lineWidth, dots);
        int test = Math.Clamp(data.TestStart ?? from, from, to);
        // The out-of-sample line starts at its own first point: no line leads over from the in-sample one.
        sheet.Line(data.X, data.Predicted, from, test, Look.Faded(Look.Red), lineWidth, dots);
        sheet.Line(data.X, data.Predicted, test, to, Look.Red, lineWidth, dots);
    }

    private IEnumerable<LegendEntry> Legend()
    {
        yield return new LegendEntry(Options.ActualLabel, Look.Blue);
        if (data.TestStart is int test && data.Predicted.Take(test).Any(double.IsFinite))
        {
            yield return new LegendEntry(Options.InSampleLabel ?? Options.PredictedLabel + " (in sample)", Look.Faded(Look.Red));
        }
        yield return new LegendEntry(Options.PredictedLabel, Look.Red);
        for (int index = 0; index < Options.Baselines.Count; index++)
        {
            yield return new LegendEntry(Options.Baselines[index].Label, PaleAt(index));
        }
    }

    private IEnumerable<double> Stretch(IReadOnlyList<double> values) => values.Skip(from).Take(to - from);

    private static Color PaleAt(int index) => Look.Pale[index % Look.Pale.Length];
}

/// <summary>What of a series a panel shows.</summary>
internal enum ForecastPanelKind
{
    /// <summary>All there is, in one panel.</summary>
    Whole,

    /// <summary>A long series, above the detail of its end.</summary>
    Overview,

    /// <summary>The end of a long series, step by step.</summary>
    Detail,
}
