using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// The LSTM's cell (Hochreiter &amp; Schmidhuber 1997, with the forget gate of Gers et al. 2000). Slots and blocks: i, f, g, o.
/// <code>
///   i, f, o = σ(W x + U h + b)      g = tanh(W x + U h + b)
///   c' = f ⊙ c + i ⊙ g              h' = o ⊙ tanh c'
/// </code>
/// </summary>
internal readonly unsafe struct LstmCell<T, L> : ICell<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    public static int Slots => 4;

    public static ReadOnlySpan<int> InputBlocks => [0, 1, 2, 3];

    public static ReadOnlySpan<int> RecurrentBlocks => [0, 1, 2, 3];

    public static ReadOnlySpan<int> BiasBlocks => [0, 1, 2, 3];

    public static int InputSlots => 4;

    public static int RecurrentSlots => 4;

    public static bool HasCell => true;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Forward(in CellTile<T> tile, int phase)
    {
        ClippedSums<T, L>.Clip(tile, Slots);
        T* gates = tile.Gates.First, previousCell = tile.PreviousCell.First, cell = tile.Cell.First;
        for (int row = 0; row < tile.Rows; row++)
        {
            L i = Activate<T, L>.Sigmoid(L.Load(gates));
            L f = Activate<T, L>.Sigmoid(L.Load(gates + L.Count));
            L g = Activate<T, L>.Tanh(L.Load(gates + 2 * L.Count));
            L o = Activate<T, L>.Sigmoid(L.Load(gates + 3 * L.Count));
            L.Store(gates, i);
            L.Store(gates + L.Count, f);
            L.Store(gates + 2 * L.Count, g);
            L.Store(gates + 3 * L.Count, o);

            L c = L.MultiplyAdd(f, L.Load(previousCell), i * g);
            L.Store(cell, c);

            gates += tile.Gates.Stride;
            previousCell += tile.PreviousCell.Stride;
            cell += tile.Cell.Stride;
        }
        CellOutput<T, L>.Forward(tile, 3);
    }

    /// <summary>
    /// With δx the loss's gradient with respect to x, and δc the part of c's gradient that came back from the next step:
    /// <code>
    ///   δo = δh ⊙ tanh c' ⊙ o(1 − o)         δc' = δc + δh ⊙ o ⊙ (1 − tanh² c')
    ///   δi = δc' ⊙ g ⊙ i(1 − i)              δg  = δc' ⊙ i ⊙ (1 − g²)
    ///   δf = δc' ⊙ c ⊙ f(1 − f)              δc ← δc' ⊙ f
    /// </code>
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Backward(in CellTile<T> tile, int phase)
    {
        T* gates = tile.Gates.First, previousCell = tile.PreviousCell.First, cell = tile.Cell.First, hidden = tile.Hidden.First, cellGradient = tile.CellGradient.First;
        for (int row = 0; row < tile.Rows; row++)
        {
            L i = L.Load(gates), f = L.Load(gates + L.Count), g = L.Load(gates + 2 * L.Count), o = L.Load(gates + 3 * L.Count);
            L tanh = Activate<T, L>.Tanh(L.Load(cell));
            // x(1 − y) is x − x·y: one operation, and the products are shared. δc comes last: where tanh² is 1 it passes as it is.
            L ho = L.Load(hidden) * o, hoTanh = ho * tanh;
            L c = L.SubtractProduct(ho, hoTanh, tanh) + L.Load(cellGradient);
            L ci = c * i, cig = ci * g, cf = c * f, cfp = cf * L.Load(previousCell);

            L.Store(gates, L.SubtractProduct(cig, cig, i));
            L.Store(gates + L.Count, L.SubtractProduct(cfp, cfp, f));
            L.Store(gates + 2 * L.Count, L.SubtractProduct(ci, cig, g));
            L.Store(gates + 3 * L.Count, L.SubtractProduct(hoTanh, hoTanh, o));
            L.Store(cellGradient, cf);

            gates += tile.Gates.Stride;
            previousCell += tile.PreviousCell.Stride;
            cell += tile.Cell.Stride;
            hidden += tile.Hidden.Stride;
            cellGradient += tile.CellGradient.Stride;
        }
    }
}
