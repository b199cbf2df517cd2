using Engram.Data;

namespace Engram.Tasks;

/// <summary>
/// How rows become the network's inputs and its outputs become forecasts: all that is needed, beside the weights, to use a forecaster.
/// It stands in the model file.
/// </summary>
internal sealed record ForecastSpec
{
    /// <summary>Columns and words of the features, the target first, and the step between rows.</summary>
    public required SeriesSchema Schema { get; init; }

    /// <summary>Rows to an input.</summary>
    public required int Window { get; init; }

    /// <summary>Steps ahead to an output.</summary>
    public required int Horizon { get; init; }

    /// <summary>Rows to a season; 0 where there is none.</summary>
    public required int Season { get; init; }

    /// <summary>What the network learns; never <see cref="Differencing.Auto"/>.</summary>
    public required Differencing Difference { get; init; }

    /// <summary>Features that the network sees relative to their last value in the window.</summary>
    public required IReadOnlyList<int> Relative { get; init; }

    /// <summary>One for each feature.</summary>
    public required IReadOnlyList<Scaler> Scalers { get; init; }

    /// <summary>
    /// What the network's outputs are multiplied with to become scaled units: the root mean square of the differences learned, so that
    /// targets have the size of 1, however small the steps of a series are beside its range.
    /// </summary>
    public required double TargetScale { get; init; }

    /// <summary>Mean absolute one-step naive error on the training part, the unit of MASE.</summary>
    public required double NaiveError { get; init; }

    /// <summary>The target's column.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string Target => Schema.Features[0].Column;

    /// <summary>Rows that must be known for a forecast and its baselines.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int ReachBack => Math.Max(Window, Season);

    /// <summary>Rows that must be known for a forecast.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public int RowsNeeded => Difference == Differencing.Seasonal ? ReachBack : Window;

    /// <summary>
    /// The forecast that a network's output stands for, in original units:
    /// <code>
    ///   none       ŷ = offset + s z
    ///   first      ŷ = y_r + s z
    ///   seasonal   ŷ = y at row r + k − season ⌈k / season⌉, + s z
    /// </code>
    /// r the last row known, k the steps ahead, z the output, s = TargetScale · Scale of the target's scaler.
    /// </summary>
    /// <param name="values">Row-major values in original units.</param>
    /// <param name="row">r.</param>
    /// <param name="step">k, from 1.</param>
    /// <param name="output">z.</param>
    public double Decode(ReadOnlySpan<double> values, int row, int step, float output) =>
        Level(values, row, step) + (TargetScale * Scalers[0].Scale * output);

    /// <summary>The last row known that lies whole seasons before the row to forecast.</summary>
    public static int SeasonBefore(int row, int step, int season) => row + step - (season * ((step + season - 1) / season));

    /// <summary>The windows of scaled values.</summary>
    public SlidingWindows Windows(float[] scaled, Range targetRows, IReadOnlyList<int> segmentStarts, ReadOnlyMemory<bool> filled, bool inputsOnly) =>
        new(scaled, Schema.Features.Count, new SlidingWindowsOptions
        {
            Window = Window,
            Horizon = Horizon,
            TargetRows = targetRows,
            SegmentStarts = segmentStarts,
            Filled = filled,
            Residual = Difference switch
            {
                Differencing.First => WindowResidual.LastValue,
                Differencing.Seasonal => WindowResidual.Seasonal,
                _ => WindowResidual.None,
            },
            Season = Season,
            RelativeFeatures = Relative,
            InputsOnly = inputsOnly,
        });

    private double Level(ReadOnlySpan<double> values, int row, int step) => Difference switch
    {
        Differencing.First => values[row * Schema.Features.Count],
        Differencing.Seasonal => values[SeasonBefore(row, step, Season) * Schema.Features.Count],
        _ => Scalers[0].Offset,
    };
}
