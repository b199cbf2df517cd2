namespace Engram.Kernels.Losses;

/// <summary>Numbers near which logarithms of probabilities must be careful.</summary>
internal static class Probability
{
    /// <summary>The least probability that a logarithm is taken of. Where one lies below, the gradient is that at this bound, not zero.</summary>
    public const double Tiny = 1e-7;

    /// <summary>p, or <see cref="Tiny"/> where that is more; what is no number stays so.</summary>
    public static double AtLeastTiny(double p) => p < Tiny ? Tiny : p;

    /// <summary>log(1 + eˣ), without overflow.</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + LogOnePlus(Math.Exp(-Math.Abs(x)));

    /// <summary>σ(x), without overflow.</summary>
    public static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>log(1 + y) for y in 0 … 1, exact near 0, by Kahan's correction of what 1 + y lost.</summary>
    private static double LogOnePlus(double y)
    {
        double u = 1 + y;
        return u == 1 ? y : Math.Log(u) * (y / (u - 1));
    }
}
