using Engram.Plots.Axes;
using Engram.Plots.Fonts;
using ScottPlot;

namespace Engram.Plots.Panels;

/// <summary>Curves between two logarithmic axes, a dot on each point: a power of x is a straight line, its exponent the slope.</summary>
internal sealed class LogLogPanel(IReadOnlyList<ChartCurve> curves, string title, string xLabel, string yLabel) : Panel
{
    public override int Height => 600;

    public override IEnumerable<string> Labels => [title, xLabel, yLabel, .. curves.Select(curve => curve.Label)];

    public override Plot Draw(LabelFonts fonts, int width, int height)
    {
        Sheet sheet = new(fonts, width, height);
        sheet.Titles(title, xLabel, yLabel);
        AxisRange across = AxisRange.Around(curves.SelectMany(curve => curve.X).Select(Math.Log10)), up = AxisRange.Around(curves.SelectMany(curve => curve.Y).Select(Math.Log10));
        sheet.Limits(across, up);
        sheet.TicksAcross(AxisTicks.Logarithmic(across.From, across.To, sheet.MostNumbersAcross));
        sheet.TicksUp(AxisTicks.Logarithmic(up.From, up.To, sheet.MostTicksUp));
        for (int i = 0; i < curves.Count; i++)
        {
            ChartCurve curve = curves[i];
            double[] heights = [.. curve.Y.Select(Math.Log10)];
            sheet.Line(index => Math.Log10(curve.X[index]), heights, 0, heights.Length, Look.Strong[i % Look.Strong.Length], Look.LineWidth, dots: true);
        }
        sheet.Legend(curves.Select((curve, i) => new LegendEntry(curve.Label, Look.Strong[i % Look.Strong.Length])));
        return sheet.Plot;
    }
}
