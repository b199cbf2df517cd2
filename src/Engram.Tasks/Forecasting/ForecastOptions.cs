using Engram.Data;

namespace Engram.Tasks;

/// <summary>How a <see cref="Forecaster"/> is trained. Every option has a default that serves most series.</summary>
public sealed record ForecastOptions : TrainingOptions
{
    /// <summary>The defaults: two layers of 50 units, at most 100 epochs, an end after 10 without improvement.</summary>
    public ForecastOptions() => Units = [50, 50];

    /// <summary>
    /// The columns that hold the time: one, or several such as year, month, day, hour. Null, the default: the first column that holds
    /// times. Empty: none, rows are taken in their order.
    /// </summary>
    public IReadOnlyList<string>? Time { get; init; }

    /// <summary>
    /// Columns to predict from beside the target's own past, which is always an input: numbers, or words, which become a feature of 0
    /// and 1 for each different word. None by default.
    /// </summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>How many rows the network sees, 1 or more; 60 by default.</summary>
    public int Window { get; init; } = 60;

    /// <summary>How many rows ahead it predicts, all at once, 1 or more; 1 by default.</summary>
    public int Horizon { get; init; } = 1;

    /// <summary>How features are brought into a common range, fitted to the training part alone; to mean 0 and deviation 1 by default.</summary>
    public ScalerKind Scale { get; init; } = ScalerKind.Standard;

    /// <summary>
    /// What the network learns: the values, or their change from the last value or from the season before.
    /// <see cref="Differencing.Auto"/>, the default, takes of the three the one whose targets have the smallest root mean square on the
    /// training part, so that the network starts from the best of the simple forecasts. The choice is a note of the report.
    /// </summary>
    public Differencing Difference { get; init; } = Differencing.Auto;

    /// <summary>
    /// Another table of the same columns to score on, which follows the first in time. Null, the default: the newest rows of the first, a share of
    /// <see cref="TrainingOptions.Test"/>; <see cref="TrainingOptions.Validation"/> is the newest share of the rows before.
    /// </summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public Table? TestTable { get; init; }

    /// <summary>
    /// Rows to a season, 2 or more, for the seasonal baseline and seasonal differences; 0: no season. Null, the default: 24 for hourly,
    /// 7 for daily, 5 for business-daily, 12 for monthly data, else none.
    /// </summary>
    public int? Season { get; init; }

    /// <summary>
    /// Whether, once the scores are known, the network is trained anew on all rows, validation and test included, for as many epochs
    /// as were best. False by default.
    /// </summary>
    public bool Refit { get; init; }

    internal override bool HasTestData => TestTable is not null;

    /// <inheritdoc/>
    public override void Validate() => ForecastOptionsCheck.Check(this);
}
