using System.Globalization;
using Engram.Plots.Axes;
using Engram.Plots.Fonts;
using ScottPlot;

namespace Engram.Plots.Panels;

/// <summary>
/// Counts of actual against predicted classes; each row is shaded by share, so that rare classes show as well as common ones. More classes make a larger
/// picture, whose cells, where they are narrow, have the share beneath the count and nothing for 0.
/// </summary>
internal sealed class ConfusionPanel(int[,] counts, IReadOnlyList<string> names, string title, string xLabel, string yLabel) : Panel
{
    // Beyond this the cells are too small for numbers.
    private const int NumbersUpTo = 20;

    /// <summary>Beside and beneath the cells: labels, names, air.</summary>
    private const int Aside = 150;

    /// <summary>The width at which numbers and most names have room.</summary>
    public int Width => Math.Clamp(Aside + (names.Count * Math.Clamp(20 + (8 * names.Max(name => name.Length)), 72, 110)), 900, 1600);

    public override int Height => Math.Clamp(Aside + (44 * names.Count), 640, 1040);

    public override IEnumerable<string> Labels => [title, xLabel, yLabel, string.Concat(names)];

    public override Plot Draw(LabelFonts fonts, int width, int height)
    {
        Sheet sheet = new(fonts, width, height);
        sheet.Titles(title, xLabel, yLabel);
        int classes = names.Count;
        AxisRange range = new(-0.5, classes - 0.5);
        sheet.Limits(range, range);
        sheet.NamesAcross([.. names.Select((name, index) => new AxisTick(index, name))]);
        sheet.NamesUp([.. names.Select((name, index) => new AxisTick(classes - 1 - index, name))]);
        double[] totals = [.. Enumerable.Range(0, classes).Select(actual => Enumerable.Range(0, classes).Sum(predicted => (double)counts[actual, predicted]))];
        float room = (float)(width - Aside) / classes;
        bool isWide = classes <= NumbersUpTo && Cells().All(cell => sheet.HasRoom($"{Count(cell)} {Part(cell)}", room));
        foreach ((int Actual, int Predicted) cell in Cells())
        {
            (int x, int y) = (cell.Predicted, classes - 1 - cell.Actual);
            sheet.Cell(x, y, Look.Highlight.MixedWith(Look.Blue, Share(cell)));
            Color color = Share(cell) > 0.5 ? Look.Background : Look.Text;
            if (isWide)
            {
                sheet.CellText($"{Count(cell)} {Part(cell)}", x, y, color);
            }
            else if (classes <= NumbersUpTo && counts[cell.Actual, cell.Predicted] > 0)
            {
                sheet.CellText(Count(cell), x, y, color, -8);
                sheet.CellText(Part(cell), x, y, color, 8);
            }
        }
        return sheet.Plot;

        IEnumerable<(int Actual, int Predicted)> Cells() =>
            Enumerable.Range(0, classes).SelectMany(actual => Enumerable.Range(0, classes).Select(predicted => (actual, predicted)));

        double Share((int Actual, int Predicted) cell) => totals[cell.Actual] > 0 ? counts[cell.Actual, cell.Predicted] / totals[cell.Actual] : 0;

        string Count((int Actual, int Predicted) cell) => string.Create(CultureInfo.InvariantCulture, $"{counts[cell.Actual, cell.Predicted]:N0}");

        string Part((int Actual, int Predicted) cell) => string.Create(CultureInfo.InvariantCulture, $"({100 * Share(cell):0.#}%)");
    }
}
