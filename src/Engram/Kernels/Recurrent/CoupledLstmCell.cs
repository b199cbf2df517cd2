using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// The LSTM with coupled input and forget gate (Greff et al. 2017, «CIFG»): what is let in is what is forgotten. Slots and blocks: i, g, o.
/// <code>
///   i, o = σ(W x + U h + b)         g = tanh(W x + U h + b)
///   c' = (1 − i) ⊙ c + i ⊙ g        h' = o ⊙ tanh c'
/// </code>
/// </summary>
internal readonly unsafe struct CoupledLstmCell<T, L> : ICell<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    public static int Slots => 3;

    public static ReadOnlySpan<int> InputBlocks => [0, 1, 2];

    public static ReadOnlySpan<int> RecurrentBlocks => [0, 1, 2];

    public static ReadOnlySpan<int> BiasBlocks => [0, 1, 2];

    public static int InputSlots => 3;

    public static int RecurrentSlots => 3;

    public static bool HasCell => true;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Forward(in CellTile<T> tile, int phase)
    {
        ClippedSums<T, L>.Clip(tile, Slots);
        T* gates = tile.Gates.First, previousCell = tile.PreviousCell.First, cell = tile.Cell.First;
        for (int row = 0; row < tile.Rows; row++)
        {
            L i = Activate<T, L>.Sigmoid(L.Load(gates));
            L g = Activate<T, L>.Tanh(L.Load(gates + L.Count));
            L o = Activate<T, L>.Sigmoid(L.Load(gates + 2 * L.Count));
            L.Store(gates, i);
            L.Store(gates + L.Count, g);
            L.Store(gates + 2 * L.Count, o);

            L previous = L.Load(previousCell);
            L c = L.MultiplyAdd(i, g - previous, previous);
            L.Store(cell, c);

            gates += tile.Gates.Stride;
            previousCell += tile.PreviousCell.Stride;
            cell += tile.Cell.Stride;
        }
        CellOutput<T, L>.Forward(tile, 2);
    }

    /// <summary>
    /// As without coupling, but
    /// <code>  δi = δc' ⊙ (g − c) ⊙ i(1 − i)        δc ← δc' ⊙ (1 − i)</code>
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Backward(in CellTile<T> tile, int phase)
    {
        T* gates = tile.Gates.First, previousCell = tile.PreviousCell.First, cell = tile.Cell.First, hidden = tile.Hidden.First, cellGradient = tile.CellGradient.First;
        L one = L.Constant(1);
        for (int row = 0; row < tile.Rows; row++)
        {
            L i = L.Load(gates), g = L.Load(gates + L.Count), o = L.Load(gates + 2 * L.Count);
            L h = L.Load(hidden);
            L tanh = Activate<T, L>.Tanh(L.Load(cell));
            L c = L.MultiplyAdd(h * o, one - tanh * tanh, L.Load(cellGradient));

            L.Store(gates, c * (g - L.Load(previousCell)) * i * (one - i));
            L.Store(gates + L.Count, c * i * (one - g * g));
            L.Store(gates + 2 * L.Count, h * tanh * o * (one - o));
            L.Store(cellGradient, c * (one - i));

            gates += tile.Gates.Stride;
            previousCell += tile.PreviousCell.Stride;
            cell += tile.Cell.Stride;
            hidden += tile.Hidden.Stride;
            cellGradient += tile.CellGradient.Stride;
        }
    }
}
