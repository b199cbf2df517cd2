namespace Engram.Tasks;

/// <summary>What a forecaster's network learns: the values themselves, or how they differ from a simple forecast.</summary>
public enum Differencing
{
    /// <summary>
    /// Of the three others the one that leaves the least to learn on the training part; see <see cref="ForecastOptions.Difference"/>.
    /// </summary>
    Auto,

    /// <summary>The values themselves.</summary>
    None,

    /// <summary>The change since the last value known.</summary>
    First,

    /// <summary>The change since the latest known value that lies whole seasons before.</summary>
    Seasonal,
}
