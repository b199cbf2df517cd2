using System.Text.Json.Serialization;

namespace Engram.Tasks;

/// <summary>What came out of training: the document <c>report.json</c>.</summary>
public sealed record ForecastReport
{
    /// <summary>Always <c>forecast</c>.</summary>
    [JsonPropertyOrder(-3)]
    public string Task { get; init; } = "forecast";

    /// <summary>The library's version.</summary>
    [JsonPropertyOrder(-2)]
    public string Engram { get; init; } = EngramVersion.Current;

    /// <summary>Where everything random was drawn from.</summary>
    [JsonPropertyOrder(-1)]
    public required long Seed { get; init; }

    /// <summary>The data.</summary>
    public required ReportData Data { get; init; }

    /// <summary>How they were split by time.</summary>
    public required ReportSplit Split { get; init; }

    /// <summary>The network.</summary>
    public required ReportModel Model { get; init; }

    /// <summary>How training went.</summary>
    public required ReportTraining Training { get; init; }

    /// <summary>The network's errors.</summary>
    public required ReportMetrics Metrics { get; init; }

    /// <summary>The baselines' errors on the same targets as <see cref="ReportMetrics.Test"/>.</summary>
    public required ForecastBaselines Baselines { get; init; }

    /// <summary>
    /// In words: <c>better than the best baseline (linear) by 7.9% RMSE</c>, <c>worse than …</c>, or <c>no better than …</c> where the
    /// difference is below half a percent.
    /// </summary>
    public required string Verdict { get; init; }

    /// <summary>The document as JSON, indented.</summary>
    public string ToJson() => ForecastJson.Write(this);
}
