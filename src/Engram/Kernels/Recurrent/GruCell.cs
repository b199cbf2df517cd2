using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// The GRU with the reset gate after the recurrent product, as cuDNN, PyTorch and today's Keras compute it. Blocks of W and U:
/// z, r, n; of b: z, r, n, m. Slots: n, z, r, m, so that W x reaches the first three and U h the last three.
/// <code>
///   z, r = σ(W x + U h + b)        m = U_n h + b_m
///   n = tanh(W_n x + b_n + r ⊙ m)  h' = n + z ⊙ (h − n)
/// </code>
/// </summary>
internal readonly unsafe struct GruCell<T, L> : ICell<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    public static int Slots => 4;

    public static ReadOnlySpan<int> InputBlocks => [1, 2, 0];

    public static ReadOnlySpan<int> RecurrentBlocks => [1, 2, 3];

    public static ReadOnlySpan<int> BiasBlocks => [1, 2, 0, 3];

    public static int InputSlots => 3;

    public static int FirstRecurrentSlot => 1;

    public static int RecurrentSlots => 3;

    public static bool CarriesHidden => true;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Forward(in CellTile<T> tile, int phase)
    {
        T* gates = tile.Gates.First, previous = tile.PreviousHidden.First, hidden = tile.Hidden.First;
        L clip = L.Broadcast(tile.Clip);
        for (int row = 0; row < tile.Rows; row++)
        {
            L z = Activate<T, L>.Sigmoid(L.Load(gates + L.Count), clip);
            L r = Activate<T, L>.Sigmoid(L.Load(gates + 2 * L.Count), clip);
            L n = Activate<T, L>.Tanh(L.MultiplyAdd(r, L.Load(gates + 3 * L.Count), L.Load(gates)), clip);
            L.Store(gates, n);
            L.Store(gates + L.Count, z);
            L.Store(gates + 2 * L.Count, r);
            L.Store(hidden, L.MultiplyAdd(z, L.Load(previous) - n, n));

            gates += tile.Gates.Stride;
            previous += tile.PreviousHidden.Stride;
            hidden += tile.Hidden.Stride;
        }
    }

    /// <summary>
    /// <code>
    ///   δn = δh' ⊙ (1 − z) ⊙ (1 − n²)      δz = δh' ⊙ (h − n) ⊙ z(1 − z)      δh ← δh' ⊙ z
    ///   δm = δn ⊙ r                        δr = δn ⊙ m ⊙ r(1 − r)
    /// </code>
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Backward(in CellTile<T> tile, int phase)
    {
        T* gates = tile.Gates.First, previous = tile.PreviousHidden.First, hidden = tile.Hidden.First;
        L one = L.Constant(1);
        for (int row = 0; row < tile.Rows; row++)
        {
            L n = L.Load(gates), z = L.Load(gates + L.Count), r = L.Load(gates + 2 * L.Count), m = L.Load(gates + 3 * L.Count);
            L h = L.Load(hidden);
            L dCandidate = h * (one - z) * (one - n * n);
            L.Store(gates, dCandidate);
            L.Store(gates + L.Count, h * (L.Load(previous) - n) * z * (one - z));
            L.Store(gates + 2 * L.Count, dCandidate * m * r * (one - r));
            L.Store(gates + 3 * L.Count, dCandidate * r);
            L.Store(hidden, h * z);

            gates += tile.Gates.Stride;
            previous += tile.PreviousHidden.Stride;
            hidden += tile.Hidden.Stride;
        }
    }
}
