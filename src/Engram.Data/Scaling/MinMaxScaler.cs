using System.Text.Json.Serialization;

namespace Engram.Data;

/// <summary>
/// To the range 0 … 1: scaled = (value − minimum) / (maximum − minimum). Later values may leave the range: a series that grows does.
/// </summary>
/// <param name="Minimum">Smallest training value.</param>
/// <param name="Maximum">Largest training value; equal to the smallest for a constant, which is then only shifted.</param>
public sealed record MinMaxScaler(double Minimum, double Maximum) : Scaler
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override double Offset => Minimum;

    /// <inheritdoc/>
    [JsonIgnore]
    public override double Scale => Maximum > Minimum ? Maximum - Minimum : 1;

    /// <summary>Fits minimum and maximum, see <see cref="Scaler.Fit"/>.</summary>
    /// <exception cref="ArgumentException">There is no value but NaN.</exception>
    public static MinMaxScaler Fit(ReadOnlySpan<double> values, int stride = 1, int start = 0)
    {
        Check(stride, start);
        double minimum = double.PositiveInfinity, maximum = double.NegativeInfinity;
        for (int i = start; i < values.Length; i += stride)
        {
            if (!double.IsNaN(values[i]))
            {
                minimum = Math.Min(minimum, values[i]);
                maximum = Math.Max(maximum, values[i]);
            }
        }
        return maximum >= minimum ? new MinMaxScaler(minimum, maximum) : throw NothingToFit();
    }
}
