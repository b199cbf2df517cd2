using System.Globalization;
using Engram.Plots.Axes;
using Engram.Plots.Fonts;
using ScottPlot;

namespace Engram.Plots.Panels;

/// <summary>Lines over a common horizontal axis.</summary>
internal sealed class LinesPanel(
    IReadOnlyList<ChartLine> lines, int first, bool logarithmic, double? lowest, string title, string xLabel, string yLabel) : Panel
{
    public override int Height => 600;

    public override IEnumerable<string> Labels => [title, xLabel, yLabel, .. lines.Select(line => line.Label)];

    public override IEnumerable<string> Notes => lines.SelectMany(NotesOn);

    public override Plot Draw(LabelFonts fonts, int width, int height)
    {
        Sheet sheet = new(fonts, width, height);
        sheet.Titles(title, xLabel, yLabel);
        double[][] heights = [.. lines.Select(line => line.Values.Select(HeightOf).ToArray())];
        int last = first + Math.Max(1, lines.Max(line => line.Values.Count) - 1);
        double margin = 0.02 * (last - first);
        AxisRange up = AxisRange.Around(heights.SelectMany(line => line).Where(value => !(value < Lowest)));
        sheet.Limits(new AxisRange(first - margin, last + margin), up);
        sheet.TicksAcross(AxisTicks.Linear(first, last, sheet.MostNumbersAcross, integersOnly: true));
        sheet.TicksUp(logarithmic
            ? AxisTicks.Logarithmic(up.From, up.To, sheet.MostTicksUp)
            : AxisTicks.Linear(up.From, up.To, sheet.MostTicksUp));
        for (int i = 0; i < lines.Count; i++)
        {
            sheet.Line(index => first + index, heights[i], 0, heights[i].Length, Look.Strong[i % Look.Strong.Length], Look.LineWidthFor(heights[i].Length));
        }
        if (!heights.SelectMany(line => line).Any(double.IsFinite))
        {
            sheet.Words("nothing to draw", (first + last) / 2.0, (up.From + up.To) / 2, Look.QuietText, Alignment.MiddleCenter);
        }
        sheet.Legend(lines.Select((line, i) => new LegendEntry(line.Label, Look.Strong[i % Look.Strong.Length])));
        return sheet.Plot;
    }

    private double Lowest => lowest is { } value ? HeightOf(value) : double.NegativeInfinity;

    private double HeightOf(double value) => logarithmic ? Math.Log10(value) : value;

    private IEnumerable<string> NotesOn(ChartLine line)
    {
        int gaps = line.Values.Count(value => !double.IsFinite(HeightOf(value)));
        if (gaps > 0)
        {
            string why = logarithmic ? "no finite number above zero" : "no finite number";
            yield return string.Create(CultureInfo.InvariantCulture, $"{gaps} of {line.Values.Count} values of \"{line.Label}\" are {why}: the line has gaps there.");
        }
    }
}
