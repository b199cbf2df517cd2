namespace Engram.Plots;

/// <summary>What <see cref="Charts.Forecast"/> draws beside the series and its forecast, and how it names things.</summary>
public sealed record ForecastChartOptions
{
    /// <summary>
    /// The step at which the test part begins, counted from 0: a dashed line marks it, and predictions before it are drawn pale, because the
    /// model has seen them in training. Null (the default): no mark, and every prediction strong.
    /// </summary>
    public int? TestStart { get; init; }

    /// <summary>A time stamp for each step, in ascending order. Null (the default): the steps are numbered from 0.</summary>
    public IReadOnlyList<DateTime>? Times { get; init; }

    /// <summary>Forecasts to compare with, such as the naive one, drawn pale behind the others. None by default.</summary>
    public IReadOnlyList<Baseline> Baselines { get; init; } = [];

    /// <summary>
    /// A series more than twice as long as this gets a second panel that shows its last steps, this many, one by one. 0: always one panel.
    /// 200 by default.
    /// </summary>
    public int DetailSteps { get; init; } = 200;

    /// <summary>The title; "Forecast" by default.</summary>
    public string Title { get; init; } = "Forecast";

    /// <summary>The label of the horizontal axis; "Time" by default.</summary>
    public string XLabel { get; init; } = "Time";

    /// <summary>The label of the vertical axis, usually the name of the column; "Value" by default.</summary>
    public string YLabel { get; init; } = "Value";

    /// <summary>The name of the series in the legend; "Actual" by default.</summary>
    public string ActualLabel { get; init; } = "Actual";

    /// <summary>The name of the forecast in the legend; "Predicted" by default.</summary>
    public string PredictedLabel { get; init; } = "Predicted";

    /// <summary>
    /// The name in the legend of the predictions before <see cref="TestStart"/>; null (the default) for <see cref="PredictedLabel"/> with
    /// "(in sample)" behind it.
    /// </summary>
    public string? InSampleLabel { get; init; }

    /// <summary>The words beside the mark of <see cref="TestStart"/>, before its date; "test starts" by default.</summary>
    public string SplitLabel { get; init; } = "test starts";
}

/// <summary>A forecast to compare with.</summary>
/// <param name="Label">Its name in the legend.</param>
/// <param name="Values">One value for each step of the series; NaN where there is none.</param>
public sealed record Baseline(string Label, IReadOnlyList<double> Values);
