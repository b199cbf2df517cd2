namespace Engram.Tasks;

/// <summary>What came out of training a forecaster. The verdict calls less than half a percent of the RMSE no difference.</summary>
public sealed record ForecastReport : TaskReport
{
    /// <inheritdoc/>
    [System.Text.Json.Serialization.JsonPropertyOrder(-10)]
    public override string Task => ForecastDocument.TaskKind;

    /// <summary>The network's errors.</summary>
    public required ReportMetrics Metrics { get; init; }

    /// <summary>The baselines' errors on the same targets as <see cref="ReportMetrics.Test"/>.</summary>
    public required ForecastBaselines Baselines { get; init; }

    /// <inheritdoc/>
    public override string ToJson() => TaskJson.Write(this, TaskJson.Readable.ForecastReport);
}
