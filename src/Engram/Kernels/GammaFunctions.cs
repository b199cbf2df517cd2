namespace Engram.Kernels;

/// <summary>
/// log Γ and its derivative ψ for x above 0, by Stirling's series where x is large and by Γ(x + 1) = x Γ(x) below
/// (Abramowitz &amp; Stegun 1964, 6.1.40 and 6.3.18).
/// </summary>
internal static class GammaFunctions
{
    /// <summary>From here on the series below are exact to the last digits of a double.</summary>
    private const double Large = 12;

    /// <summary>log Γ(x) = (x − ½) log x − x + ½ log 2π + 1/12x − 1/360x³ + 1/1260x⁵ − 1/1680x⁷ + 1/1188x⁹ − …</summary>
    public static double LogGamma(double x)
    {
        double product = 1;
        for (; x < Large; x++)
        {
            product *= x;
        }
        double y = 1 / (x * x);
        double series = (1.0 / 12 + y * (-1.0 / 360 + y * (1.0 / 1260 + y * (-1.0 / 1680 + y * (1.0 / 1188 - y * 691 / 360360))))) / x;
        return (x - 0.5) * Math.Log(x) - x + 0.91893853320467274178 + series - Math.Log(product);
    }

    /// <summary>ψ(x) = log x − 1/2x − 1/12x² + 1/120x⁴ − 1/252x⁶ + 1/240x⁸ − 1/132x¹⁰ + …</summary>
    public static double Digamma(double x)
    {
        double sum = 0;
        for (; x < Large; x++)
        {
            sum += 1 / x;
        }
        double y = 1 / (x * x);
        double series = y * (-1.0 / 12 + y * (1.0 / 120 + y * (-1.0 / 252 + y * (1.0 / 240 + y * (-1.0 / 132 + y * 691 / 32760)))));
        return Math.Log(x) - 0.5 / x + series - sum;
    }
}
