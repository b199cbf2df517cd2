namespace Engram.Backends;

/// <summary>How wide the vectors are that kernels compute with.</summary>
internal enum InstructionTier
{
    /// <summary>One number at a time.</summary>
    Scalar,

    /// <summary>128 bits: SSE, Arm's AdvSIMD.</summary>
    Vector128,

    /// <summary>256 bits: AVX2.</summary>
    Vector256,

    /// <summary>512 bits: AVX-512.</summary>
    Vector512,
}
