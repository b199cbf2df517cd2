using System.Globalization;
using Engram.Plots.Axes;
using Engram.Plots.Fonts;
using ScottPlot;

namespace Engram.Plots.Panels;

/// <summary>Counts of actual against predicted classes; each row is shaded by share, so that rare classes show as well as common ones.</summary>
internal sealed class ConfusionPanel(int[,] counts, IReadOnlyList<string> names, string title, string xLabel, string yLabel) : Panel
{
    // Beyond this the cells are too small for numbers.
    private const int NumbersUpTo = 14;

    public override int Height => 640;

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
        for (int actual = 0; actual < classes; actual++)
        {
            double total = Enumerable.Range(0, classes).Sum(predicted => (double)counts[actual, predicted]);
            for (int predicted = 0; predicted < classes; predicted++)
            {
                double share = total > 0 ? counts[actual, predicted] / total : 0;
                string words = classes > NumbersUpTo
                    ? string.Empty
                    : string.Create(CultureInfo.InvariantCulture, $"{counts[actual, predicted]:N0} ({100 * share:0.#}%)");
                sheet.Cell(predicted, classes - 1 - actual, Look.Highlight.MixedWith(Look.Blue, share), words, share > 0.5 ? Look.Background : Look.Text);
            }
        }
        return sheet.Plot;
    }
}
