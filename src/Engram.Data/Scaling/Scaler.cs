using System.Text.Json.Serialization;

namespace Engram.Data;

/// <summary>
/// A straight-line change of units that brings a feature into the range in which networks learn well, and back:
/// scaled = (value − <see cref="Offset"/>) / <see cref="Scale"/>. Its parameters come from the training part alone
/// (<see cref="Fit"/>). NaN stays NaN. JSON holds the kind and the parameters.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(StandardScaler), "standard")]
[JsonDerivedType(typeof(MinMaxScaler), "min-max")]
[JsonDerivedType(typeof(IdentityScaler), "none")]
public abstract record Scaler
{
    private protected Scaler()
    {
    }

    /// <summary>The value that becomes 0.</summary>
    [JsonIgnore]
    public abstract double Offset { get; }

    /// <summary>How many original units one scaled unit is; above 0.</summary>
    [JsonIgnore]
    public abstract double Scale { get; }

    /// <summary>Original units to scaled.</summary>
    public double Transform(double value) => (value - Offset) / Scale;

    /// <summary>Scaled to original units.</summary>
    public double Inverse(double scaled) => (scaled * Scale) + Offset;

    /// <summary>A difference of two scaled values, or an error, to original units: the offset cancels out.</summary>
    public double InverseDifference(double scaled) => scaled * Scale;

    /// <summary>Fits a scaler of the given kind to values.</summary>
    /// <param name="kind">Which scaler.</param>
    /// <param name="values">The training values, or rows of several features one after the other. NaN is left out.</param>
    /// <param name="stride">Distance from one value of the feature to its next: the number of features in a row-major matrix. Default 1.</param>
    /// <param name="start">Place of the feature's first value. Default 0.</param>
    /// <exception cref="ArgumentException">There is no value but NaN.</exception>
    public static Scaler Fit(ScalerKind kind, ReadOnlySpan<double> values, int stride = 1, int start = 0) => kind switch
    {
        ScalerKind.Standard => StandardScaler.Fit(values, stride, start),
        ScalerKind.MinMax => MinMaxScaler.Fit(values, stride, start),
        ScalerKind.None => new IdentityScaler(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such scaler."),
    };

    private protected static ArgumentException NothingToFit() => new("There is no value to fit a scaler to.");

    private protected static void Check(int stride, int start)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stride, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
    }
}
