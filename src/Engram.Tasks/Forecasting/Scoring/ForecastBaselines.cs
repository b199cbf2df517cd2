using System.Text.Json.Serialization;

namespace Engram.Tasks;

/// <summary>Errors of the simple forecasts that a network must beat, on exactly the targets that it was scored on.</summary>
/// <param name="Naive">The last value known, at every step ahead.</param>
public sealed record ForecastBaselines(ForecastMetrics Naive)
{
    /// <summary>
    /// The latest known value that lies whole seasons before; the last value where the data do not reach back that far. Null where
    /// there is no season.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ForecastMetrics? SeasonalNaive { get; init; }

    /// <summary>A linear autoregression over the same window and features; null where it has too many coefficients to fit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ForecastMetrics? Linear { get; init; }

    /// <summary>Name, as the report writes it, and errors of each of them.</summary>
    [JsonIgnore]
    public IEnumerable<(string Name, ForecastMetrics Metrics)> All
    {
        get
        {
            yield return ("naive", Naive);
            if (SeasonalNaive is not null)
            {
                yield return ("seasonal naive", SeasonalNaive);
            }
            if (Linear is not null)
            {
                yield return ("linear", Linear);
            }
        }
    }

    /// <summary>The one with the smallest root mean squared error.</summary>
    [JsonIgnore]
    public (string Name, ForecastMetrics Metrics) Best => All.MinBy(baseline => baseline.Metrics.Rmse);
}
