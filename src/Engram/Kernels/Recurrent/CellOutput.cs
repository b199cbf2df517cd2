using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// What cells with a cell state put out: <c>h' = o ⊙ tanh c'</c>. A loop of its own, after that of the gates: there are more activations in a cell than the
/// compiler expands in place within one method.
/// </summary>
internal static unsafe class CellOutput<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    /// <param name="tile">Holds o and c'; receives h'.</param>
    /// <param name="outputSlot">Where o stands in the gates.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Forward(in CellTile<T> tile, int outputSlot)
    {
        T* output = tile.Gates.First + outputSlot * L.Count, cell = tile.Cell.First, hidden = tile.Hidden.First;
        for (int row = 0; row < tile.Rows; row++)
        {
            L.Store(hidden, L.Load(output) * Activate<T, L>.Tanh(L.Load(cell)));
            output += tile.Gates.Stride;
            cell += tile.Cell.Stride;
            hidden += tile.Hidden.Stride;
        }
    }
}
