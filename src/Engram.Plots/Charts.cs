using Engram.Plots.Panels;

namespace Engram.Plots;

/// <summary>Makes the pictures of training and of results.</summary>
public static class Charts
{
    /// <summary>
    /// The loss after each epoch. The vertical axis is logarithmic where every finite loss is positive and the largest is at least 20 times
    /// the smallest, linear otherwise. A loss that is not finite leaves a gap, which <see cref="Picture.Notes"/> tells.
    /// </summary>
    /// <param name="training">The training loss of epoch 1, 2, …; at least one.</param>
    /// <param name="validation">The validation loss of epoch 1, 2, …, or null.</param>
    /// <param name="bestEpoch">The epoch to mark, counted from 1, or null.</param>
    /// <param name="title">The title.</param>
    /// <param name="xLabel">The label of the horizontal axis.</param>
    /// <param name="yLabel">The label of the vertical axis.</param>
    /// <param name="bestBy">What chose the best epoch, such as <c>validation F1</c>, for the legend; null where that need not be said.</param>
    /// <exception cref="ArgumentException">There is no loss, or <paramref name="bestEpoch"/> is not one of the epochs.</exception>
    public static Picture Loss(
        IReadOnlyList<double> training,
        IReadOnlyList<double>? validation = null,
        int? bestEpoch = null,
        string title = "Loss",
        string xLabel = "Epochs",
        string yLabel = "Loss",
        string? bestBy = null)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (training.Count == 0)
        {
            throw new ArgumentException("There is no epoch to draw: give the loss of at least one.", nameof(training));
        }
        if (bestEpoch is int best && (best < 1 || best > training.Count))
        {
            throw new ArgumentOutOfRangeException(
                nameof(bestEpoch), best, $"The best epoch is one of 1 to {training.Count}, counted from 1.");
        }
        return new Picture(new LossPanel(training, validation ?? [], bestEpoch, title, xLabel, yLabel, bestBy));
    }

    /// <summary>
    /// A series with its forecast. Predictions of the test part are drawn strong, those before it pale. A series much longer than
    /// <see cref="ForecastChartOptions.DetailSteps"/> is drawn whole, and beneath it its end, step by step, with the baselines.
    /// </summary>
    /// <param name="actual">The series, oldest value first; NaN where a value is missing or lies in the future.</param>
    /// <param name="predicted">What was predicted for each step of <paramref name="actual"/>; NaN where there is no prediction.</param>
    /// <param name="options">The split, time stamps, baselines and labels; null for the defaults.</param>
    /// <exception cref="ArgumentException">The series is empty, lengths differ, or times are not in order.</exception>
    public static Picture Forecast(IReadOnlyList<double> actual, IReadOnlyList<double> predicted, ForecastChartOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(predicted);
        ForecastData data = new(actual, predicted, options ?? new ForecastChartOptions());
        int count = actual.Count;
        return data.HasDetail
            ? new Picture(
                new ForecastPanel(data, 0, count, ForecastPanelKind.Overview),
                new ForecastPanel(data, data.DetailFrom, count, ForecastPanelKind.Detail))
            : new Picture(new ForecastPanel(data, 0, count, ForecastPanelKind.Whole));
    }

    /// <summary>Named lines over a common axis, such as a quantity at every time step for several networks.</summary>
    /// <param name="lines">The lines, at least one. From the seventh on colours come again.</param>
    /// <param name="first">The place of the first values on the horizontal axis.</param>
    /// <param name="logarithmic">
    /// Whether the vertical axis is logarithmic; what is not above zero then leaves a gap, which <see cref="Picture.Notes"/> tells. False by default.
    /// </param>
    /// <param name="lowest">Where the vertical axis ends below, so that a line that falls without end leaves room to the others; null shows all.</param>
    /// <param name="title">The title.</param>
    /// <param name="xLabel">The label of the horizontal axis.</param>
    /// <param name="yLabel">The label of the vertical axis.</param>
    /// <exception cref="ArgumentException">There is no line, one has no value, or <paramref name="lowest"/> is not above zero on a logarithmic axis.</exception>
    public static Picture Lines(
        IReadOnlyList<ChartLine> lines,
        int first = 0,
        bool logarithmic = false,
        double? lowest = null,
        string title = "Values",
        string xLabel = "",
        string yLabel = "")
    {
        ArgumentNullException.ThrowIfNull(lines);
        if (lines.Count == 0 || lines.Any(line => line.Values.Count == 0))
        {
            throw new ArgumentException("There is nothing to draw: give at least one line, each with at least one value.", nameof(lines));
        }
        if (logarithmic && lowest <= 0)
        {
            throw new ArgumentOutOfRangeException(nameof(lowest), lowest, "A logarithmic axis ends above zero.");
        }
        return new Picture(new LinesPanel(lines, first, logarithmic, lowest, title, xLabel, yLabel));
    }

    /// <summary>Curves between two logarithmic axes, such as time against size: a power is a straight line there, and its exponent the slope.</summary>
    /// <param name="curves">The curves, at least one. From the seventh on colours come again.</param>
    /// <param name="title">The title.</param>
    /// <param name="xLabel">The label of the horizontal axis.</param>
    /// <param name="yLabel">The label of the vertical axis.</param>
    /// <exception cref="ArgumentException">
    /// There is no curve; one has no point, not as many heights as places, a number that is not finite and above zero, or places that do not rise.
    /// </exception>
    public static Picture LogLog(IReadOnlyList<ChartCurve> curves, string title = "Growth", string xLabel = "", string yLabel = "")
    {
        ArgumentNullException.ThrowIfNull(curves);
        if (curves.Count == 0)
        {
            throw new ArgumentException("There is nothing to draw: give at least one curve.", nameof(curves));
        }
        foreach (ChartCurve curve in curves)
        {
            if (curve.X.Count == 0 || curve.X.Count != curve.Y.Count)
            {
                throw new ArgumentException($"«{curve.Label}» has {curve.X.Count} places and {curve.Y.Count} heights: give as many of both, at least one.", nameof(curves));
            }
            if (curve.X.Concat(curve.Y).Any(value => !(value > 0 && double.IsFinite(value))) || curve.X.Zip(curve.X.Skip(1)).Any(pair => pair.First >= pair.Second))
            {
                throw new ArgumentException($"«{curve.Label}»: logarithmic axes show finite numbers above zero, and places that rise.", nameof(curves));
            }
        }
        return new Picture(new LogLogPanel(curves, title, xLabel, yLabel));
    }

    /// <summary>
    /// One bar for each value, such as the probability of each document. Of more than <paramref name="most"/> values the first ones are
    /// drawn, which <see cref="Picture.Notes"/> tells.
    /// </summary>
    /// <param name="values">The heights of the bars; NaN leaves a place empty.</param>
    /// <param name="labels">A name for each bar, or null to number them from 0.</param>
    /// <param name="title">The title.</param>
    /// <param name="xLabel">The label of the horizontal axis.</param>
    /// <param name="yLabel">The label of the vertical axis.</param>
    /// <param name="most">How many bars are drawn at most, 1 or more; 50 by default, as more become hard to tell apart.</param>
    /// <exception cref="ArgumentException">There is no value, or the number of labels is another one.</exception>
    public static Picture Bars(
        IReadOnlyList<double> values,
        IReadOnlyList<string>? labels = null,
        string title = "Values",
        string xLabel = "",
        string yLabel = "",
        int most = 50)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        if (values.Count == 0)
        {
            throw new ArgumentException("There is no bar to draw: give at least one value.", nameof(values));
        }
        if (labels is not null && labels.Count != values.Count)
        {
            throw new ArgumentException($"There are {labels.Count} labels for {values.Count} bars: give one for each.", nameof(labels));
        }
        return new Picture(new BarsPanel(values, labels, title, xLabel, yLabel, most));
    }

    /// <summary>
    /// How often each class was taken for which: one row for each actual class, one column for each predicted one, darker the larger its
    /// share of the row. Up to 20 classes have count and share written into their cells; the picture is the larger the more there are.
    /// </summary>
    /// <param name="counts">Samples of each actual class (first index) predicted as each class (second index); none negative.</param>
    /// <param name="labels">The names of the classes, in the order of the counts.</param>
    /// <param name="title">The title.</param>
    /// <param name="xLabel">The label of the horizontal axis.</param>
    /// <param name="yLabel">The label of the vertical axis.</param>
    /// <exception cref="ArgumentException">The counts are not square, are negative, or the number of labels is another one.</exception>
    public static Picture Confusion(
        int[,] counts,
        IReadOnlyList<string> labels,
        string title = "Confusion matrix",
        string xLabel = "Predicted",
        string yLabel = "Actual")
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(labels);
        if (counts.GetLength(0) != counts.GetLength(1) || counts.GetLength(0) != labels.Count || labels.Count == 0)
        {
            throw new ArgumentException(
                $"The counts are {counts.GetLength(0)} × {counts.GetLength(1)} for {labels.Count} classes: give one row and one column for each class.",
                nameof(counts));
        }
        if (counts.Cast<int>().Any(count => count < 0))
        {
            throw new ArgumentException("A count is negative.", nameof(counts));
        }
        ConfusionPanel panel = new(counts, labels, title, xLabel, yLabel);
        return new Picture(panel).WithSize(panel.Width, panel.Height);
    }
}
