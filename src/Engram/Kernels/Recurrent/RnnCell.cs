using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>The simple recurrent cell (Elman 1990): <c>h' = φ(W x + U h + b)</c>, with φ = tanh or ReLU.</summary>
internal readonly unsafe struct RnnCell<T, L, TActivation> : ICell<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
    where TActivation : struct, IActivation<T, L>
{
    public static int UnitVectors => 4;

    public static int Slots => 1;

    public static ReadOnlySpan<int> InputBlocks => [0];

    public static ReadOnlySpan<int> RecurrentBlocks => [0];

    public static ReadOnlySpan<int> BiasBlocks => [0];

    public static int InputSlots => 1;

    public static int RecurrentSlots => 1;

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Forward(in CellTile<T> tile, int phase)
    {
        T* sum = tile.Gates.First, hidden = tile.Hidden.First;
        L clip = L.Broadcast(tile.Clip);
        for (int row = 0; row < tile.Rows; row++)
        {
            for (int vector = 0; vector < 4; vector++)
            {
                L h = TActivation.Apply(L.Load(sum + vector * L.Count), clip);
                L.Store(sum + vector * L.Count, h);
                L.Store(hidden + vector * L.Count, h);
            }
            sum += tile.Gates.Stride;
            hidden += tile.Hidden.Stride;
        }
    }

    /// <summary><c>δ = δh' ⊙ φ'</c>, with φ' from h'.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Backward(in CellTile<T> tile, int phase)
    {
        T* sum = tile.Gates.First, hidden = tile.Hidden.First;
        for (int row = 0; row < tile.Rows; row++)
        {
            for (int vector = 0; vector < 4; vector++)
            {
                L h = L.Load(sum + vector * L.Count);
                L.Store(sum + vector * L.Count, TActivation.Backward(h, L.Load(hidden + vector * L.Count)));
            }
            sum += tile.Gates.Stride;
            hidden += tile.Hidden.Stride;
        }
    }
}
