using System.Globalization;
using Engram.Plots.Axes;
using Engram.Plots.Fonts;
using ScottPlot;
using ScottPlot.Panels;
using ScottPlot.Plottables;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace Engram.Plots.Panels;

/// <summary>
/// A ScottPlot plot with our look, on which the panels draw. Every label gets its font here, one by one: ScottPlot's process-wide default
/// font belongs to the program that uses us.
/// </summary>
internal sealed class Sheet
{
    private readonly LabelFonts fonts;
    private readonly int width;
    private readonly int height;

    public Sheet(LabelFonts fonts, int width, int height)
    {
        this.fonts = fonts;
        this.width = width;
        this.height = height;
        Plot.FigureBackground.Color = Look.Background;
        Plot.Grid.MajorLineColor = Look.Grid;
        Plot.Grid.MinorLineWidth = 0;
        Plot.Axes.Top.FrameLineStyle.Width = 0;
        Plot.Axes.Right.FrameLineStyle.Width = 0;
        Plot.Axes.Right.MinimumSize = 44;
        foreach (IAxis axis in (IAxis[])[Plot.Axes.Left, Plot.Axes.Bottom])
        {
            axis.FrameLineStyle.Color = Look.Frame;
            axis.MajorTickStyle.Color = Look.Frame;
            axis.MinorTickStyle.Length = 0;
        }
        // The panels of a picture stand beneath each other: their left edges line up.
        Plot.Axes.Left.MinimumSize = 92;
    }

    public Plot Plot { get; } = new();

    /// <summary>How many marks a horizontal axis has room for, where a label is about as wide as a date.</summary>
    public int MostTicksAcross => Math.Clamp((width - 120) / 105, 2, 16);

    /// <summary>How many marks a horizontal axis has room for, where labels are numbers.</summary>
    public int MostNumbersAcross => Math.Clamp((width - 120) / 75, 3, 12);

    /// <summary>How many marks a vertical axis has room for.</summary>
    public int MostTicksUp => Math.Clamp((height - 110) / 42, 2, 12);

    public int Columns => Math.Max(50, width - 120);

    public void Titles(string title, string xLabel, string yLabel)
    {
        LabelStyle heading = Plot.Axes.Title.Label;
        Style(heading, Fit(title, Look.TitleSize, width - 140), Look.TitleSize, Look.Text);
        heading.OffsetY = BaselineShift(heading, Alignment.LowerCenter);

        LabelStyle beneath = Plot.Axes.Bottom.Label;
        Style(beneath, Fit(xLabel, Look.LabelSize, width - 140), Look.LabelSize, Look.QuietText);
        beneath.OffsetY = BaselineShift(beneath, Alignment.LowerCenter);

        LabelStyle beside = Plot.Axes.Left.Label;
        Style(beside, Fit(yLabel, Look.LabelSize, height - 60), Look.LabelSize, Look.QuietText);
        // This label is turned to the left: what is down for its letters is right on the picture.
        beside.OffsetX = BaselineShift(beside, Alignment.UpperCenter);
    }

    public void Limits(AxisRange x, AxisRange y) => Plot.Axes.SetLimits(x.From, x.To, y.From, y.To);

    public void TicksAcross(IEnumerable<AxisTick> ticks) => Ticks(Plot.Axes.Bottom, ticks);

    public void TicksUp(IEnumerable<AxisTick> ticks) => Ticks(Plot.Axes.Left, ticks);

    /// <summary>Draws a line that breaks where a value is not finite; a point whose neighbours are missing becomes a dot.</summary>
    public void Line(Func<int, double> x, IReadOnlyList<double> y, int from, int to, Color color, float lineWidth, bool dots = false)
    {
        List<Coordinates> points = Thinning.Thin(x, y, from, to, Columns);
        if (points.Count == 0)
        {
            return;
        }
        Scatter line = Plot.Add.ScatterLine(points.ToArray(), color);
        line.LineWidth = lineWidth;

        Coordinates[] dotted =
        [
            .. Enumerable.Range(from, to - from)
                .Where(index => double.IsFinite(y[index]) && (dots || Alone(y, index, from, to)))
                .Select(index => new Coordinates(x(index), y[index])),
        ];
        if (dotted.Length > 0)
        {
            Markers marks = Plot.Add.Markers(dotted, MarkerShape.FilledCircle, lineWidth * 3.2f, color);
            marks.MarkerLineWidth = 0;
        }
    }

    public void Dot(double x, double y, Color color)
    {
        Marker mark = Plot.Add.Marker(x, y, MarkerShape.FilledCircle, 11, color);
        mark.MarkerStyle.OutlineColor = Look.Background;
        mark.MarkerStyle.OutlineWidth = 2;
    }

    /// <summary>A dashed vertical line with words beside it, on the side where there is room.</summary>
    public void Split(double x, string words, AxisRange across, AxisRange up)
    {
        VerticalLine line = Plot.Add.VerticalLine(x, 1.3f, Look.QuietText, LinePattern.Dashed);
        line.LabelText = string.Empty;
        bool roomOnTheRight = (across.To - x) / (across.To - across.From) > 0.16;
        Text label = Words(words, x, up.To, Look.QuietText, roomOnTheRight ? Alignment.UpperLeft : Alignment.UpperRight);
        label.OffsetX = roomOnTheRight ? 7 : -7;
        label.OffsetY += 6;
    }

    public Text Words(string words, double x, double y, Color color, Alignment alignment)
    {
        Text label = Plot.Add.Text(words, x, y);
        Style(label.LabelStyle, words, Look.TickSize, color);
        label.Alignment = alignment;
        label.OffsetY = BaselineShift(label.LabelStyle, alignment);
        label.LabelBackgroundColor = Look.Background.WithAlpha(0.85);
        label.LabelBorderWidth = 0;
        label.LabelPadding = 3;
        return label;
    }

    public void Band(double from, double to)
    {
        HorizontalSpan band = Plot.Add.HorizontalSpan(from, to, Look.Highlight);
        band.LineStyle.Width = 0;
    }

    /// <summary>The legend stands above the data, where it cannot cover any.</summary>
    public void Legend(IEnumerable<LegendEntry> entries)
    {
        IReadOnlyList<LegendEntry> all = [.. entries];
        const int besideLabel = 56;
        float room = width - 140 - all.Count * besideLabel;
        bool crowded = all.Sum(entry => Width(entry.Label, Look.LegendSize)) > room;
        foreach (LegendEntry entry in all)
        {
            string label = crowded ? Fit(entry.Label, Look.LegendSize, room / all.Count) : entry.Label;
            LegendItem item = new() { LabelText = label };
            Style(item.LabelStyle, label, Look.LegendSize, Look.Text);
            item.LabelStyle.OffsetY = BaselineShift(item.LabelStyle, Alignment.MiddleLeft);
            item.LineColor = entry.Color;
            item.LineWidth = entry.IsDot ? 0 : Math.Max(2.2f, entry.LineWidth);
            if (entry.IsDot)
            {
                item.MarkerStyle = new MarkerStyle(MarkerShape.FilledCircle, 10, entry.Color);
            }
            Plot.Legend.ManualItems.Add(item);
        }
        if (Plot.Legend.ManualItems.Count == 0)
        {
            return;
        }
        Plot.Legend.Orientation = Orientation.Horizontal;
        Plot.Legend.TightHorizontalWrapping = true;
        Plot.Legend.InterItemPadding = new PixelPadding(24, 24, 6, 6);
        Plot.Legend.OutlineWidth = 0;
        Plot.Legend.ShadowColor = Colors.Transparent;
        Plot.Legend.BackgroundColor = Colors.Transparent;
        LegendPanel panel = Plot.ShowLegend(Edge.Top);
        panel.Padding = new PixelPadding(0, 0, 4, 4);
    }

    /// <summary>Bars on the positions 0, 1, 2, …; a value that is not finite leaves its place empty.</summary>
    public void Bars(IReadOnlyList<double> values, Color color)
    {
        int[] shown = [.. Enumerable.Range(0, values.Count).Where(index => double.IsFinite(values[index]))];
        BarPlot bars = Plot.Add.Bars([.. shown.Select(index => (double)index)], [.. shown.Select(index => values[index])]);
        foreach (Bar bar in bars.Bars)
        {
            bar.FillColor = color;
            bar.LineWidth = 0;
            bar.Size = 0.72;
        }
    }

    /// <summary>A filled square around a position of the axes.</summary>
    public void Cell(double x, double y, Color fill)
    {
        Rectangle cell = Plot.Add.Rectangle(x - 0.5, x + 0.5, y - 0.5, y + 0.5);
        cell.FillColor = fill;
        cell.LineColor = Look.Background;
        cell.LineWidth = 2;
    }

    /// <summary>Whether words fit into so many pixels, with some air around them.</summary>
    public bool HasRoom(string words, float room) => Width(words, Look.TickSize) + 10 <= room;

    /// <summary>Words in the middle of a cell, or so many pixels beneath it.</summary>
    public void CellText(string words, double x, double y, Color color, float beneath = 0)
    {
        Text label = Words(words, x, y, color, Alignment.MiddleCenter);
        label.OffsetY += beneath;
        label.LabelBackgroundColor = Colors.Transparent;
    }

    private static bool Alone(IReadOnlyList<double> y, int index, int from, int to) =>
        (index == from || !double.IsFinite(y[index - 1])) && (index == to - 1 || !double.IsFinite(y[index + 1]));

    /// <summary>Marks that carry names, each cut to the room between it and the next.</summary>
    public void NamesAcross(IReadOnlyList<AxisTick> names) => TicksAcross(Fit(names, (float)(width - 150) / names.Count - 6));

    /// <summary>Marks that carry names, each cut to a sixth of the width.</summary>
    public void NamesUp(IReadOnlyList<AxisTick> names) => TicksUp(Fit(names, width / 6f));

    private IEnumerable<AxisTick> Fit(IReadOnlyList<AxisTick> names, float room) =>
        names.Select(name => name with { Label = FitEnds(name.Label, Look.TickSize, room) });

    private void Ticks(IAxis axis, IEnumerable<AxisTick> ticks)
    {
        AxisTick[] all = ticks.ToArray();
        axis.TickGenerator = new NumericManual([.. all.Select(tick => tick.Position)], [.. all.Select(tick => tick.Label)]);
        Style(axis.TickLabelStyle, string.Concat(all.Select(tick => tick.Label)), Look.TickSize, Look.QuietText);
        axis.TickLabelStyle.OffsetY = BaselineShift(axis.TickLabelStyle, axis.Edge == Edge.Left ? Alignment.MiddleRight : Alignment.UpperCenter);
    }

    private float Width(string text, float size)
    {
        using SKFont font = new(fonts.For(text).Typeface, size);
        return font.MeasureText(text);
    }

    /// <summary>The text, or as much of its beginning as there is room for.</summary>
    private string Fit(string text, float size, float room)
    {
        if (Width(text, size) <= room)
        {
            return text;
        }
        int[] starts = StringInfo.ParseCombiningCharacters(text);
        int kept = starts.Length - 1;
        while (kept > 0 && Width(text[..starts[kept]] + "…", size) > room)
        {
            kept--;
        }
        return text[..starts[kept]] + "…";
    }

    /// <summary>The text, or as much of its beginning and its end as there is room for: many names begin alike.</summary>
    private string FitEnds(string text, float size, float room)
    {
        int[] starts = StringInfo.ParseCombiningCharacters(text);
        string fitted = text;
        for (int kept = starts.Length - 1; kept >= 0 && Width(fitted, size) > room; kept--)
        {
            int tail = kept / 2;
            fitted = text[..starts[kept - tail]] + "…" + (tail == 0 ? "" : text[starts[^tail]..]);
        }
        return fitted;
    }

    /// <summary>
    /// How far down a label must move so that its baseline lies where the shipped font's would. ScottPlot places text by the deepest glyph of
    /// its font, and the fonts of other scripts have glyphs several times as deep as their letters.
    /// </summary>
    private static float BaselineShift(LabelStyle label, Alignment alignment) =>
        Baseline(LabelFonts.Shipped, label.FontSize, alignment) - Baseline(label.Font!, label.FontSize, alignment);

    private static float Baseline(SKTypeface typeface, float size, Alignment alignment)
    {
        using SKFont font = new(typeface, size);
        float lineHeight = font.GetFontMetrics(out SKFontMetrics metrics);
        float beneathAnchor = alignment switch
        {
            Alignment.UpperLeft or Alignment.UpperCenter or Alignment.UpperRight => lineHeight,
            Alignment.MiddleLeft or Alignment.MiddleCenter or Alignment.MiddleRight => lineHeight / 2,
            _ => 0,
        };
        return beneathAnchor - metrics.Bottom;
    }

    private void Style(LabelStyle style, string text, float size, Color color)
    {
        SKTypeface typeface = fonts.For(text).Typeface;
        style.Text = text;
        style.Font = typeface;
        style.FontName = typeface.FamilyName;
        style.FontSize = size;
        style.ForeColor = color;
        style.Bold = false;
    }
}

/// <summary>One entry of a legend: a short line, or a dot, and its label.</summary>
internal sealed record LegendEntry(string Label, Color Color, float LineWidth = Look.LineWidth, bool IsDot = false);
