namespace Engram.Kernels.Losses;

/// <summary>
/// A deviation from any number: s(a) = log(1 + eᵃ) + 1e-6. The floor keeps a density from growing without bound on a target that is
/// met exactly.
/// </summary>
internal static class PositiveScale
{
    private const double Floor = 1e-6;

    /// <summary>s(a).</summary>
    public static double Of(double a) => Probability.Softplus(a) + Floor;

    /// <summary>d log s / da = σ(a) / s.</summary>
    public static double LogSlope(double a, double scale) => Probability.Sigmoid(a) / scale;
}
