using Engram.Kernels;
using Engram.Kernels.Lanes;

namespace Engram.Tests.Kernels;

/// <summary>What of the LSTM's cell only single precision shows.</summary>
public sealed class LstmCellTests
{
    [Theory]
    [MemberData(nameof(Tiers.Widths), MemberType = typeof(Tiers))]
    public void Where_tanh_is_one_the_gradient_of_the_cell_state_passes_however_small(int bits)
    {
        Tiers.Run(bits, new Backward());
    }

    /// <summary>c' = 20, whose tanh is 1 to the last bit; δh = o = 1, f = ½, c = 2 and δc' = 2⁻³⁰.</summary>
    private sealed class Backward : ILanesTest<float>
    {
        public unsafe void Run<L>()
            where L : unmanaged, ILanes<L, float>
        {
            float* memory = stackalloc float[8 * L.Count], gates = memory + 4 * L.Count;
            float[] lines = [2, 20, 1, MathF.ScaleB(1, -30), 0.25f, 0.5f, 0.75f, 1]; // c, c', δh, δc', i, f, g, o
            for (int i = 0; i < lines.Length; i++)
            {
                new Span<float>(memory + i * L.Count, L.Count).Fill(lines[i]);
            }
            CellTile<float> tile = default;
            tile.Rows = 1;
            tile.Gates.Lay(gates, 0);
            tile.PreviousCell.Lay(memory, 0);
            tile.Cell.Lay(memory + L.Count, 0);
            tile.Hidden.Lay(memory + 2 * L.Count, 0);
            tile.CellGradient.Lay(memory + 3 * L.Count, 0);
            LstmCell<float, L>.Backward(tile, 0);
            Assert.Equal(MathF.ScaleB(1, -31), memory[3 * L.Count]);
            Assert.Equal(MathF.ScaleB(1, -31) * 2 * 0.5f, gates[L.Count]);
        }
    }
}
