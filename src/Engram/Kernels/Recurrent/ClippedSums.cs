using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>Sums clipped before the cell, for cells that take all of them as they are, such as the LSTM's: hardly a layer clips, and the others then do not pay for it.</summary>
internal static unsafe class ClippedSums<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    /// <summary>Clips the first slots of a tile to ±<see cref="CellTile{T}.Clip"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Clip(in CellTile<T> tile, int slots)
    {
        if (T.IsFinite(tile.Clip))
        {
            ClipAll(tile, slots);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ClipAll(in CellTile<T> tile, int slots)
    {
        L clip = L.Broadcast(tile.Clip);
        for (int row = 0; row < tile.Rows; row++)
        {
            T* sums = tile.Gates.First + row * tile.Gates.Stride;
            for (int slot = 0; slot < slots; slot++, sums += L.Count)
            {
                L.Store(sums, Activate<T, L>.Clamp(L.Load(sums), clip));
            }
        }
    }
}
