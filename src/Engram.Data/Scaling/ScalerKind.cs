namespace Engram.Data;

/// <summary>The scalers to choose from.</summary>
public enum ScalerKind
{
    /// <summary>To mean 0 and standard deviation 1: <see cref="StandardScaler"/>.</summary>
    Standard,

    /// <summary>To the range 0 … 1 of the training part: <see cref="MinMaxScaler"/>.</summary>
    MinMax,

    /// <summary>As it is: <see cref="IdentityScaler"/>.</summary>
    None,
}
