using Engram.Backends;
using Engram.Losses;

namespace Engram;

/// <summary>How a model's output tells a deviation σ, which must be above 0.</summary>
public enum ScaleOutput
{
    /// <summary>The output is log σ².</summary>
    LogVariance,

    /// <summary>σ = log(1 + eᵃ) + 1e-6 of the output a: grows no faster than the output does.</summary>
    Softplus,
}

/// <content>Losses of models that predict a distribution: several outputs, side by side, for each target value.</content>
public abstract partial class Loss
{
    /// <summary>
    /// The pinball loss of quantiles (Koenker &amp; Bassett 1978): max(τ e, (τ − 1) e), e = target − predicted, the mean over all targets and
    /// levels. The model puts out one number for each level, so [batch, levels · n] for targets [batch, n]; the levels of one target
    /// stand side by side.
    /// </summary>
    /// <param name="levels">τ, each above 0 and below 1, at least one: 0.1, 0.5, 0.9.</param>
    /// <exception cref="ArgumentException">There is no level, or one is outside its range.</exception>
    public static Loss Quantile(params IReadOnlyList<double> levels)
    {
        ArgumentNullException.ThrowIfNull(levels);
        if (levels.Count == 0)
        {
            throw new ArgumentException("A quantile loss has at least one level, such as 0.5.", nameof(levels));
        }
        foreach (double level in levels)
        {
            if (!(level > 0 && level < 1))
            {
                throw new ArgumentOutOfRangeException(nameof(levels), level, "The level of a quantile is above 0 and below 1.");
            }
        }
        return new KernelLoss("quantile", new LossSpec(LossKind.Quantile)
        {
            Target = TargetForm.Values, OutputsPerValue = levels.Count, Values = [.. levels],
        });
    }

    /// <summary>
    /// The negative log-likelihood of a normal distribution, in nats: ½ log 2π + log σ + (y − μ)² / 2σ², the mean over all targets. The
    /// model puts out two numbers for each target, side by side: μ, and what <paramref name="scale"/> says of σ.
    /// </summary>
    /// <param name="scale">How the second number tells σ; as the logarithm of its square by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such scale.</exception>
    public static Loss GaussianLikelihood(ScaleOutput scale = ScaleOutput.LogVariance)
    {
        if (!Enum.IsDefined(scale))
        {
            throw new ArgumentOutOfRangeException(nameof(scale), scale, "There is no such way to tell a deviation.");
        }
        return new KernelLoss("gaussian_likelihood", new LossSpec(LossKind.Gaussian)
        {
            Target = TargetForm.Values, OutputsPerValue = 2, Softplus = scale == ScaleOutput.Softplus,
        });
    }

    /// <summary>
    /// The negative log-likelihood of Student's t distribution, in nats, the mean over all targets: like the normal one, but an outlier
    /// costs only its logarithm. The model puts out for each target, side by side: the location μ, a with the scale
    /// log(1 + eᵃ) + 1e-6, and, where ν is to be learnt, b with ν = 2 + log(1 + eᵇ).
    /// </summary>
    /// <param name="degreesOfFreedom">ν, above 0; null, the default, where it is learnt, which takes a third output.</param>
    /// <exception cref="ArgumentOutOfRangeException">ν is not a number above 0.</exception>
    public static Loss StudentTLikelihood(double? degreesOfFreedom = null)
    {
        if (degreesOfFreedom is { } nu && !(nu > 0 && double.IsFinite(nu)))
        {
            throw new ArgumentOutOfRangeException(nameof(degreesOfFreedom), nu, "Degrees of freedom are a number above 0.");
        }
        return new KernelLoss("student_t_likelihood", new LossSpec(LossKind.StudentT)
        {
            Target = TargetForm.Values, OutputsPerValue = degreesOfFreedom is null ? 3 : 2, Parameter = degreesOfFreedom ?? 0,
        });
    }
}
