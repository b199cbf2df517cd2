namespace Engram;

/// <summary>An elementwise function, or softmax over the last dimension.</summary>
public enum Activation
{
    /// <summary>φ(x) = x.</summary>
    Linear,

    /// <summary>φ(x) = 1 / (1 + e⁻ˣ), in (0, 1).</summary>
    Sigmoid,

    /// <summary>φ(x) = tanh x, in (−1, 1).</summary>
    Tanh,

    /// <summary>φ(x) = max(0, x).</summary>
    ReLU,

    /// <summary>φ(x)ᵢ = e^xᵢ / Σⱼ e^xⱼ over the last dimension: positive numbers that add up to 1.</summary>
    Softmax,
}
