using Engram.Backends;

namespace Engram;

/// <summary>A bound that weights are brought back into after every step of an optimizer; set on layers or on a <see cref="Parameter"/>.</summary>
public abstract class WeightConstraint
{
    private protected WeightConstraint()
    {
    }

    /// <summary>
    /// The weights that lead to one unit, a column of a kernel, are together no longer than c: where their norm √Σ w² is larger they are
    /// shortened to it (Srebro &amp; Shraibman 2005, Srivastava et al. 2014). Of embeddings each row is bounded, of a bias the whole.
    /// </summary>
    /// <param name="maximum">c, above 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not a number above 0.</exception>
    public static WeightConstraint MaxNorm(double maximum) => maximum > 0 && double.IsFinite(maximum) ? new MaxNormConstraint(maximum)
        : throw new ArgumentOutOfRangeException(nameof(maximum), maximum, "The largest norm is a number above 0.");

    /// <summary>Brings a parameter back.</summary>
    internal abstract void Apply(IBackend backend, Parameter parameter);

    private sealed class MaxNormConstraint(double maximum) : WeightConstraint
    {
        public override string ToString() => FormattableString.Invariant($"norm at most {maximum:R}");

        internal override void Apply(IBackend backend, Parameter parameter)
        {
            (int rows, int columns) = parameter.Shape.Rank < 2 ? (checked((int)parameter.Shape.Count), 1) : (parameter.Shape.Rows, parameter.Shape[^1]);
            backend.LimitNorms(parameter.Value, rows, columns, byRow: parameter.Role == "embeddings", maximum);
        }
    }
}
