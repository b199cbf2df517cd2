namespace Engram;

/// <summary>How a stream stores the weights of recurrent layers. Sums, states and activations are single precision either way.</summary>
public enum WeightPrecision
{
    /// <summary>As they are: 32 bits.</summary>
    Full,

    /// <summary>
    /// bfloat16: the nearest number of 8 significant bits, so that a weight is off by at most 1/256 of itself, 0.14% on average. Half the bytes to
    /// read at every step, which is what a wide layer's time goes into.
    /// </summary>
    BFloat16,
}
