using System.Text.Json.Serialization;

namespace Engram.Tasks;

/// <summary>What came out of a task's training: the document <c>report.json</c>. Each task adds its split, metrics and baselines.</summary>
public abstract record TaskReport
{
    /// <summary>The task: <c>forecast</c>.</summary>
    [JsonPropertyOrder(-10)]
    public abstract string Task { get; }

    /// <summary>The library's version.</summary>
    [JsonPropertyOrder(-9)]
    public string Engram { get; init; } = EngramVersion.Current;

    /// <summary>Where everything random was drawn from.</summary>
    [JsonPropertyOrder(-8)]
    public required long Seed { get; init; }

    /// <summary>The data.</summary>
    [JsonPropertyOrder(-7)]
    public required ReportData Data { get; init; }

    /// <summary>How they were split.</summary>
    [JsonPropertyOrder(-6)]
    public required ReportSplit Split { get; init; }

    /// <summary>The network.</summary>
    [JsonPropertyOrder(-5)]
    public required ReportModel Model { get; init; }

    /// <summary>How training went.</summary>
    [JsonPropertyOrder(-4)]
    public required ReportTraining Training { get; init; }

    /// <summary>
    /// The result against the best baseline, in words: <c>better than the best baseline (linear) by 7.9% RMSE</c>, <c>worse than …</c>, or
    /// <c>no better than …</c> where the difference does not count.
    /// </summary>
    [JsonPropertyOrder(10)]
    public required string Verdict { get; init; }

    /// <summary>The document as JSON, indented.</summary>
    public abstract string ToJson();
}
