namespace Engram;

/// <summary>What a convolution over time reads beyond the ends of a sequence. A window spans w = (size − 1) · dilation + 1 steps.</summary>
public enum Padding
{
    /// <summary>Nothing: only whole windows count, and the output has w − 1 steps fewer.</summary>
    Valid,

    /// <summary>Zeros at both ends, ⌊(w − 1) / 2⌋ of them in front, so that the output has as many steps as the input.</summary>
    Same,

    /// <summary>w − 1 zeros in front: the output at a step depends on that step and earlier ones alone.</summary>
    Causal,
}
