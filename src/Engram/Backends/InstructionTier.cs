using System.Runtime.InteropServices;

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

/// <summary>What a tier is called.</summary>
internal static class InstructionTierNames
{
    /// <summary>Instruction set and width: <c>AVX-512 (512-bit lanes)</c>.</summary>
    public static string Describe(this InstructionTier tier) => tier switch
    {
        InstructionTier.Vector512 => "AVX-512 (512-bit lanes)",
        InstructionTier.Vector256 => "AVX2 (256-bit lanes)",
        InstructionTier.Vector128 => (RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86 ? "SSE" : "AdvSIMD") + " (128-bit lanes)",
        _ => "no vectors (one number at a time)",
    };
}
