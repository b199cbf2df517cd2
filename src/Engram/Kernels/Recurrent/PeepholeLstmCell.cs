using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// The LSTM with peepholes (Gers &amp; Schmidhuber 2000): the gates see the cell state. Slots and blocks: i, f, g, o; vectors: p_i, p_f, p_o.
/// <code>
///   i, f = σ(W x + U h + p ⊙ c + b)       g = tanh(W x + U h + b)
///   c' = f ⊙ c + i ⊙ g                    o = σ(W x + U h + p ⊙ c' + b)      h' = o ⊙ tanh c'
/// </code>
/// </summary>
internal readonly unsafe struct PeepholeLstmCell<T, L> : ICell<T, L>
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

    public static int WeightVectors => 3;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Forward(in CellTile<T> tile, int phase)
    {
        T* gates = tile.Gates.First, previousCell = tile.PreviousCell.First, cell = tile.Cell.First;
        L pi = L.Load(tile.Vectors.First), pf = L.Load(tile.Vectors.First + tile.Vectors.Stride), po = L.Load(tile.Vectors.First + 2 * tile.Vectors.Stride);
        L clip = L.Broadcast(tile.Clip);
        for (int row = 0; row < tile.Rows; row++)
        {
            L previous = L.Load(previousCell);
            L i = Activate<T, L>.Sigmoid(L.MultiplyAdd(pi, previous, L.Load(gates)), clip);
            L f = Activate<T, L>.Sigmoid(L.MultiplyAdd(pf, previous, L.Load(gates + L.Count)), clip);
            L g = Activate<T, L>.Tanh(L.Load(gates + 2 * L.Count), clip);
            L c = L.MultiplyAdd(f, previous, i * g);
            L o = Activate<T, L>.Sigmoid(L.MultiplyAdd(po, c, L.Load(gates + 3 * L.Count)), clip);
            L.Store(gates, i);
            L.Store(gates + L.Count, f);
            L.Store(gates + 2 * L.Count, g);
            L.Store(gates + 3 * L.Count, o);
            L.Store(cell, c);

            gates += tile.Gates.Stride;
            previousCell += tile.PreviousCell.Stride;
            cell += tile.Cell.Stride;
        }
        CellOutput<T, L>.Forward(tile, 3);
    }

    /// <summary>
    /// As without peepholes, and
    /// <code>
    ///   δc' = δc + δh ⊙ o ⊙ (1 − tanh² c') + p_o ⊙ δo        δc ← δc' ⊙ f + p_i ⊙ δi + p_f ⊙ δf
    ///   δp_i += δi ⊙ c        δp_f += δf ⊙ c        δp_o += δo ⊙ c'
    /// </code>
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Backward(in CellTile<T> tile, int phase)
    {
        T* gates = tile.Gates.First, previousCell = tile.PreviousCell.First, cell = tile.Cell.First, hidden = tile.Hidden.First, cellGradient = tile.CellGradient.First;
        T* sums = tile.VectorGradients.First;
        nint next = tile.Vectors.Stride;
        L pi = L.Load(tile.Vectors.First), pf = L.Load(tile.Vectors.First + next), po = L.Load(tile.Vectors.First + 2 * next);
        L one = L.Constant(1);
        for (int row = 0; row < tile.Rows; row++)
        {
            L i = L.Load(gates), f = L.Load(gates + L.Count), g = L.Load(gates + 2 * L.Count), o = L.Load(gates + 3 * L.Count);
            L h = L.Load(hidden), previous = L.Load(previousCell), current = L.Load(cell);
            L tanh = Activate<T, L>.Tanh(current);
            L dOutput = h * tanh * o * (one - o);
            L c = L.MultiplyAdd(po, dOutput, L.MultiplyAdd(h * o, one - tanh * tanh, L.Load(cellGradient)));
            L dInput = c * g * i * (one - i);
            L dForget = c * previous * f * (one - f);

            L.Store(gates, dInput);
            L.Store(gates + L.Count, dForget);
            L.Store(gates + 2 * L.Count, c * i * (one - g * g));
            L.Store(gates + 3 * L.Count, dOutput);
            L.Store(cellGradient, L.MultiplyAdd(pi, dInput, L.MultiplyAdd(pf, dForget, c * f)));
            L.Store(sums, L.MultiplyAdd(dInput, previous, L.Load(sums)));
            L.Store(sums + next, L.MultiplyAdd(dForget, previous, L.Load(sums + next)));
            L.Store(sums + 2 * next, L.MultiplyAdd(dOutput, current, L.Load(sums + 2 * next)));

            gates += tile.Gates.Stride;
            previousCell += tile.PreviousCell.Stride;
            cell += tile.Cell.Stride;
            hidden += tile.Hidden.Stride;
            cellGradient += tile.CellGradient.Stride;
            sums += tile.VectorGradients.Stride;
        }
    }
}
