using System.Text.Json.Serialization;

namespace Engram.Data;

/// <summary>To mean 0 and standard deviation 1: scaled = (value − mean) / deviation.</summary>
/// <param name="Mean">Mean of the training values.</param>
/// <param name="Deviation">Their standard deviation, divided by n; 0 for a constant, which is then only shifted.</param>
public sealed record StandardScaler(double Mean, double Deviation) : Scaler
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override double Offset => Mean;

    /// <inheritdoc/>
    [JsonIgnore]
    public override double Scale => Deviation > 0 ? Deviation : 1;

    /// <summary>Fits mean and deviation, see <see cref="Scaler.Fit"/>.</summary>
    /// <exception cref="ArgumentException">There is no value but NaN.</exception>
    public static StandardScaler Fit(ReadOnlySpan<double> values, int stride = 1, int start = 0)
    {
        Check(stride, start);
        // Welford: mean_n = mean_{n−1} + (x − mean_{n−1}) / n,  S_n = S_{n−1} + (x − mean_{n−1}) (x − mean_n),  deviation² = S_n / n.
        // Stable where the values are large and their spread is small.
        long n = 0;
        double mean = 0, s = 0;
        for (int i = start; i < values.Length; i += stride)
        {
            double x = values[i];
            if (double.IsNaN(x))
            {
                continue;
            }
            n++;
            double fromOld = x - mean;
            mean += fromOld / n;
            s += fromOld * (x - mean);
        }
        if (n == 0)
        {
            throw NothingToFit();
        }
        double deviation = Math.Sqrt(s / n);
        // What rounding leaves of a constant is no spread.
        return new StandardScaler(mean, deviation > 1e-12 * Math.Abs(mean) ? deviation : 0);
    }
}
