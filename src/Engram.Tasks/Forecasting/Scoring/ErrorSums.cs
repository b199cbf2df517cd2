namespace Engram.Tasks;

/// <summary>Adds up errors, by step ahead, for <see cref="ForecastMetrics"/>.</summary>
internal sealed class ErrorSums(int horizon, double naiveError)
{
    private readonly double[] _squares = new double[horizon], _sizes = new double[horizon], _percentages = new double[horizon];
    private readonly long[] _counts = new long[horizon];

    /// <summary>Adds one error.</summary>
    /// <param name="step">Steps ahead, 1 the first.</param>
    /// <param name="predicted">What was forecast.</param>
    /// <param name="actual">What came.</param>
    public void Add(int step, double predicted, double actual)
    {
        double e = predicted - actual;
        int i = step - 1;
        _squares[i] += e * e;
        _sizes[i] += Math.Abs(e);
        _percentages[i] += PercentageError.Symmetric(predicted, actual);
        _counts[i]++;
    }

    public ForecastMetrics ToMetrics() => Metrics(0, horizon) with
    {
        ByStep = horizon == 1 ? null : [.. Enumerable.Range(0, horizon).Select(step => Metrics(step, step + 1))],
    };

    private ForecastMetrics Metrics(int first, int end)
    {
        double n = _counts[first..end].Sum(), mae = _sizes[first..end].Sum() / n;
        return new ForecastMetrics(Math.Sqrt(_squares[first..end].Sum() / n), mae, mae / naiveError, _percentages[first..end].Sum() / n);
    }
}
