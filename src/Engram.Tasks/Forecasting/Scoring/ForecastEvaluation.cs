namespace Engram.Tasks;

/// <summary>What a trained forecaster achieves on a table, beside the baselines.</summary>
public sealed record ForecastEvaluation
{
    /// <summary>The library's version.</summary>
    public string Engram { get; init; } = EngramVersion.Current;

    /// <summary>Always <c>forecast</c>.</summary>
    public string Task { get; init; } = "forecast";

    /// <summary>The data that were scored.</summary>
    public required ReportData Data { get; init; }

    /// <summary>The rows whose targets were scored.</summary>
    public required ReportPart Scored { get; init; }

    /// <summary>The forecaster's errors.</summary>
    public required ForecastMetrics Metrics { get; init; }

    /// <summary>The baselines' errors; the linear one as it was fitted when the forecaster was trained.</summary>
    public required ForecastBaselines Baselines { get; init; }

    /// <summary>In words: <c>better than the best baseline (linear) by 7.9% RMSE</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>The document as JSON, indented.</summary>
    public string ToJson() => TaskJson.Write(this, TaskJson.Readable.ForecastEvaluation);
}
