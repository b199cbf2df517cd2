using Engram.Backends;

namespace Engram.Tests;

/// <summary>Which instruction tiers this process can test.</summary>
internal static class Tiers
{
    /// <summary>Widths of vectors, in bits; 0 for one number at a time.</summary>
    public static TheoryData<int> Widths => new(0, 128, 256, 512);

    /// <summary>The tier of a width; skips where the processor, or the runtime's switches, do not offer it.</summary>
    public static InstructionTier Require(int bits)
    {
        InstructionTier tier = bits switch
        {
            512 => InstructionTier.Vector512,
            256 => InstructionTier.Vector256,
            128 => InstructionTier.Vector128,
            _ => InstructionTier.Scalar,
        };
        if (tier > CpuBackend.WidestTier)
        {
            Assert.Skip($"skipped: this process has no {tier}");
        }
        return tier;
    }
}
