using System.Text.Json.Serialization;

namespace Engram.Tasks;

/// <summary>
/// Errors of a forecast in original units, e = predicted − actual over n values:
/// <code>
///   RMSE  = √(Σ e² / n)
///   MAE   = Σ |e| / n
///   MASE  = MAE / (mean |yₜ − yₜ₋₁| of the training part)                  Hyndman &amp; Koehler 2006
///   sMAPE = 200 / n · Σ |e| / (|actual| + |predicted|), 0 where both are 0     Makridakis 1993; 0 … 200
/// </code>
/// </summary>
/// <param name="Rmse">Root mean squared error, in the target's units.</param>
/// <param name="Mae">Mean absolute error, in the target's units.</param>
/// <param name="Mase">Mean absolute error in units of the mean absolute one-step naive error on the training part.</param>
/// <param name="Smape">Symmetric mean absolute percentage error, 0 … 200.</param>
public sealed record ForecastMetrics(double Rmse, double Mae, double Mase, double Smape)
{
    /// <summary>The same for each step ahead, the first first; null where the horizon is 1.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ForecastMetrics>? ByStep { get; init; }
}
