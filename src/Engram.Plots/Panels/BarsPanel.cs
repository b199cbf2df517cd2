using System.Globalization;
using Engram.Plots.Axes;
using Engram.Plots.Fonts;
using ScottPlot;

namespace Engram.Plots.Panels;

/// <summary>Bars beside each other.</summary>
internal sealed class BarsPanel(
    IReadOnlyList<double> values, IReadOnlyList<string>? names, string title, string xLabel, string yLabel, int most) : Panel
{
    private readonly double[] shown = [.. values.Take(most)];

    public override int Height => 600;

    public override IEnumerable<string> Labels => [title, xLabel, yLabel, string.Concat((names ?? []).Take(most))];

    public override IEnumerable<string> Notes => values.Count > most
        ? [string.Create(CultureInfo.InvariantCulture, $"The picture shows the first {most} of {values.Count} bars.")]
        : [];

    public override Plot Draw(LabelFonts fonts, int width, int height)
    {
        Sheet sheet = new(fonts, width, height);
        sheet.Titles(title, xLabel, yLabel);
        // Bars stand on zero, and there is air where they end.
        AxisRange around = AxisRange.Around(shown.Append(0));
        AxisRange up = new(shown.Any(value => value < 0) ? around.From : 0, shown.Any(value => value > 0) ? around.To : 0);
        up = up.To > up.From ? up : new AxisRange(0, 1);
        sheet.Limits(new AxisRange(-0.7, shown.Length - 0.3), up);
        if (names is null)
        {
            sheet.TicksAcross(AxisTicks.Linear(0, Math.Max(1, shown.Length - 1), sheet.MostNumbersAcross, integersOnly: true));
        }
        else
        {
            sheet.NamesAcross(Named(names, sheet.MostTicksAcross));
        }
        sheet.TicksUp(AxisTicks.Linear(up.From, up.To, sheet.MostTicksUp));
        sheet.Bars(shown, Look.Blue);
        return sheet.Plot;
    }

    private AxisTick[] Named(IReadOnlyList<string> all, int room)
    {
        int stride = (shown.Length + room - 1) / room;
        return [.. Enumerable.Range(0, shown.Length).Where(index => index % stride == 0).Select(index => new AxisTick(index, all[index]))];
    }
}
