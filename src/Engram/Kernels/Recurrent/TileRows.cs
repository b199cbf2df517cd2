using System.Runtime.CompilerServices;

namespace Engram.Kernels;

/// <summary>
/// Rows of a tile, neighbours in the batch. A processor that sees a loop read lines a stride apart fetches the next one too, which behind the last row of a group is another thread's, who then has to wait for it.
/// So the last tile of a group takes its rows downwards, and what is fetched in vain is the group's own.
/// </summary>
/// <param name="First">The row that is the tile's first.</param>
/// <param name="Count">Number of rows.</param>
/// <param name="Direction">1 where rows follow upwards, −1 downwards: the factor of every stride from row to row.</param>
internal readonly record struct TileRows(int First, int Count, int Direction)
{
    /// <summary>Rows from <paramref name="row"/> on, at most so many, of a group that ends before <paramref name="lastRow"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TileRows From(int row, int lastRow, int most) => lastRow - row > most ? new TileRows(row, most, 1) : new TileRows(lastRow - 1, lastRow - row, -1);

    /// <summary>The row of the batch that stands at a place of the tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int At(int place) => First + place * Direction;
}
