using System.Globalization;
using Engram.Plots.Axes;
using Engram.Plots.Fonts;
using ScottPlot;

namespace Engram.Plots.Panels;

/// <summary>Losses over epochs.</summary>
internal sealed class LossPanel(
    IReadOnlyList<double> training, IReadOnlyList<double> validation, int? bestEpoch, string title, string xLabel, string yLabel, string? bestBy = null) : Panel
{
    // A loss that ends below a twentieth of where it started lies flat on the lowest twentieth of a linear axis.
    private const double LogarithmicFromRatio = 20;
    private const int DotsUpTo = 40;
    private const string TrainingLabel = "Training";
    private const string ValidationLabel = "Validation";

    public override int Height => 600;

    public override IEnumerable<string> Labels => [title, xLabel, yLabel, bestBy ?? ""];

    public override IEnumerable<string> Notes => [.. NoteOn("training", training), .. NoteOn("validation", validation)];

    /// <summary>
    /// True where every finite loss is positive and the largest is at least 20 times the smallest: a linear axis would then show the
    /// smaller ones as a flat line.
    /// </summary>
    public bool IsLogarithmic
    {
        get
        {
            double[] finite = [.. training.Concat(validation).Where(double.IsFinite)];
            return finite.Length > 1 && finite.Min() > 0 && finite.Max() / finite.Min() >= LogarithmicFromRatio;
        }
    }

    public override Plot Draw(LabelFonts fonts, int width, int height)
    {
        Sheet sheet = new(fonts, width, height);
        sheet.Titles(title, xLabel, yLabel);
        bool logarithmic = IsLogarithmic;
        double[] trainingHeights = Heights(training, logarithmic);
        double[] validationHeights = Heights(validation, logarithmic);
        int epochs = Math.Max(training.Count, validation.Count);
        AxisRange across = epochs <= 1 ? new AxisRange(0.5, 1.5) : new AxisRange(1 - 0.02 * (epochs - 1), epochs + 0.02 * (epochs - 1));
        AxisRange up = AxisRange.Around(trainingHeights.Concat(validationHeights));
        sheet.Limits(across, up);
        sheet.TicksAcross(AxisTicks.Linear(1, epochs, sheet.MostNumbersAcross, integersOnly: true).Where(tick => tick.Position >= 1));
        sheet.TicksUp(logarithmic
            ? AxisTicks.Logarithmic(up.From, up.To, sheet.MostTicksUp)
            : AxisTicks.Linear(up.From, up.To, sheet.MostTicksUp));

        bool dots = epochs <= DotsUpTo;
        sheet.Line(Epoch, trainingHeights, 0, trainingHeights.Length, Look.Blue, Look.LineWidth, dots);
        sheet.Line(Epoch, validationHeights, 0, validationHeights.Length, Look.Red, Look.LineWidth, dots);
        if (!trainingHeights.Concat(validationHeights).Any(double.IsFinite))
        {
            sheet.Words("no finite loss", (across.From + across.To) / 2, (up.From + up.To) / 2, Look.QuietText, Alignment.MiddleCenter);
        }

        List<LegendEntry> legend = [];
        if (validation.Count > 0)
        {
            legend.Add(new LegendEntry(TrainingLabel, Look.Blue));
            legend.Add(new LegendEntry(ValidationLabel, Look.Red));
        }
        if (bestEpoch is int best)
        {
            bool onValidation = validation.Count >= best;
            double loss = onValidation ? validationHeights[best - 1] : trainingHeights[best - 1];
            Color color = onValidation ? Look.Red : Look.Blue;
            if (double.IsFinite(loss))
            {
                sheet.Dot(best, loss, color);
                legend.Add(new LegendEntry(string.Create(CultureInfo.InvariantCulture, $"Best epoch{(bestBy is null ? "" : $" by {bestBy}")}: {best}"), color, IsDot: true));
            }
        }
        sheet.Legend(legend);
        return sheet.Plot;
    }

    // Epochs are counted from 1.
    private static double Epoch(int index) => index + 1;

    private static double[] Heights(IReadOnlyList<double> losses, bool logarithmic) =>
        [.. losses.Select(loss => logarithmic ? Math.Log10(loss) : loss)];

    private static IEnumerable<string> NoteOn(string which, IReadOnlyList<double> losses)
    {
        int gaps = losses.Count(loss => !double.IsFinite(loss));
        if (gaps > 0)
        {
            int first = losses.TakeWhile(double.IsFinite).Count() + 1;
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The {which} loss is not a finite number in {gaps} of {losses.Count} epochs (first in epoch {first}): the curve has a gap there.");
        }
    }
}
