namespace Engram.Tasks;

/// <summary>One forecast for one step ahead, beside what came and what the naive forecast says, in original units.</summary>
/// <param name="Row">The row of the prepared series that is forecast, 1 the first: what to show where there are no times.</param>
/// <param name="Time">The time that is forecast; null where the data have no times, or where it lies ahead of times without a rule.</param>
/// <param name="Step">Steps ahead, 1 the first.</param>
/// <param name="Actual">What came; NaN where it is not known.</param>
/// <param name="Predicted">The forecast.</param>
/// <param name="Naive">The last value known when the forecast was made.</param>
public readonly record struct ForecastRow(int Row, DateTime? Time, int Step, double Actual, double Predicted, double Naive);
