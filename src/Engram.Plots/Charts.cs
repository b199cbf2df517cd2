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
    /// <exception cref="ArgumentException">There is no loss, or <paramref name="bestEpoch"/> is not one of the epochs.</exception>
    public static Picture Loss(
        IReadOnlyList<double> training,
        IReadOnlyList<double>? validation = null,
        int? bestEpoch = null,
        string title = "Loss",
        string xLabel = "Epochs",
        string yLabel = "Loss")
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
        return new Picture(new LossPanel(training, validation ?? [], bestEpoch, title, xLabel, yLabel));
    }

    /// <summary>
    /// A series with its forecast. Predictions of the test part are drawn strong, those before it pale. A series much longer than
    /// <see cref="ForecastOptions.DetailSteps"/> is drawn whole, and beneath it its end, step by step, with the baselines.
    /// </summary>
    /// <param name="actual">The series, oldest value first; NaN where a value is missing or lies in the future.</param>
    /// <param name="predicted">What was predicted for each step of <paramref name="actual"/>; NaN where there is no prediction.</param>
    /// <param name="options">The split, time stamps, baselines and labels; null for the defaults.</param>
    /// <exception cref="ArgumentException">The series is empty, lengths differ, or times are not in order.</exception>
    public static Picture Forecast(IReadOnlyList<double> actual, IReadOnlyList<double> predicted, ForecastOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(actual);
        ArgumentNullException.ThrowIfNull(predicted);
        ForecastData data = new(actual, predicted, options ?? new ForecastOptions());
        int count = actual.Count;
        return data.HasDetail
            ? new Picture(
                new ForecastPanel(data, 0, count, ForecastPanelKind.Overview),
                new ForecastPanel(data, data.DetailFrom, count, ForecastPanelKind.Detail))
            : new Picture(new ForecastPanel(data, 0, count, ForecastPanelKind.Whole));
    }
}
