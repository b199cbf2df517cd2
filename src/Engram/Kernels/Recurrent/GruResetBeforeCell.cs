using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// The GRU as first published (Cho et al. 2014), with the reset gate before the recurrent product. Blocks: z, r, n; slots: n, z, r.
/// <code>
///   z, r = σ(W x + U h + b)      n = tanh(W x + U (r ⊙ h) + b)      h' = n + z ⊙ (h − n)
/// </code>
/// The product with r ⊙ h needs r of all units, so a step has two phases.
/// </summary>
internal readonly unsafe struct GruResetBeforeCell<T, L> : ICell<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    public static int Slots => 3;

    public static ReadOnlySpan<int> InputBlocks => [1, 2, 0];

    public static ReadOnlySpan<int> RecurrentBlocks => [1, 2, 0];

    public static ReadOnlySpan<int> BiasBlocks => [1, 2, 0];

    public static int InputSlots => 3;

    public static int FirstRecurrentSlot => 1;

    public static int RecurrentSlots => 2;

    public static bool CarriesHidden => true;

    public static int Phases => 2;

    public static int SecondProductPhase => 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Forward(in CellTile<T> tile, int phase)
    {
        T* gates = tile.Gates.First, previous = tile.PreviousHidden.First, operand = tile.Operand.First, gated = tile.Gated.First, hidden = tile.Hidden.First;
        L clip = L.Broadcast(tile.Clip);
        for (int row = 0; row < tile.Rows; row++)
        {
            if (phase == 0)
            {
                L r = Activate<T, L>.Sigmoid(L.Load(gates + 2 * L.Count), clip);
                L.Store(gates + L.Count, Activate<T, L>.Sigmoid(L.Load(gates + L.Count), clip));
                L.Store(gates + 2 * L.Count, r);
                L.Store(gated, r * L.Load(operand));
            }
            else
            {
                L n = Activate<T, L>.Tanh(L.Load(gates), clip), z = L.Load(gates + L.Count);
                L.Store(gates, n);
                L.Store(hidden, L.MultiplyAdd(z, L.Load(previous) - n, n));
            }
            gates += tile.Gates.Stride;
            previous += tile.PreviousHidden.Stride;
            operand += tile.Operand.Stride;
            gated += tile.Gated.Stride;
            hidden += tile.Hidden.Stride;
        }
    }

    /// <summary>
    /// With q = r ⊙ ĥ, whose gradient δq = Uᵀ δn the walk brings between the phases:
    /// <code>
    ///   δn = δh' ⊙ (1 − z) ⊙ (1 − n²)      δz = δh' ⊙ (h − n) ⊙ z(1 − z)      δh ← δh' ⊙ z
    ///   δr = δq ⊙ ĥ ⊙ r(1 − r)             δĥ += δq ⊙ r
    /// </code>
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Backward(in CellTile<T> tile, int phase)
    {
        T* gates = tile.Gates.First, previous = tile.PreviousHidden.First, operand = tile.Operand.First, gated = tile.Gated.First, hidden = tile.Hidden.First;
        L one = L.Constant(1);
        for (int row = 0; row < tile.Rows; row++)
        {
            if (phase == 1)
            {
                L n = L.Load(gates), z = L.Load(gates + L.Count), h = L.Load(hidden);
                L.Store(gates, h * (one - z) * (one - n * n));
                L.Store(gates + L.Count, h * (L.Load(previous) - n) * z * (one - z));
                L.Store(hidden, h * z);
            }
            else
            {
                L r = L.Load(gates + 2 * L.Count), q = L.Load(gated);
                L.Store(gates + 2 * L.Count, q * L.Load(operand) * r * (one - r));
                L.Store(gated, q * r);
            }
            gates += tile.Gates.Stride;
            previous += tile.PreviousHidden.Stride;
            operand += tile.Operand.Stride;
            gated += tile.Gated.Stride;
            hidden += tile.Hidden.Stride;
        }
    }
}
