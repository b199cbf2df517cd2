using System.Numerics;
using Engram.Backends;
using Engram.Kernels.Lanes;

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

    /// <summary>Runs a test in vectors of a width; skips like <see cref="Require"/>.</summary>
    public static void Run<T>(int bits, ILanesTest<T> test)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        switch (Require(bits))
        {
            case InstructionTier.Vector512: test.Run<Lanes512<T>>(); break;
            case InstructionTier.Vector256: test.Run<Lanes256<T>>(); break;
            case InstructionTier.Vector128: test.Run<Lanes128<T>>(); break;
            default: test.Run<Lane<T>>(); break;
        }
    }
}

/// <summary>What is to hold in vectors of every width.</summary>
internal interface ILanesTest<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    void Run<L>()
        where L : unmanaged, ILanes<L, T>;
}
