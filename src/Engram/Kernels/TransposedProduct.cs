using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// <c>c (+)= Σ aᵀ · b</c> over rows of time × batch: the gradient of weights. Every element is one chain of additions over the steps of the first
/// sequence, then those of the next, so that however tiles are shared out the bits are the same.
/// </summary>
internal static unsafe class TransposedProduct<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    /// <summary>Steps taken in one go: a panel of b so long stays in the second cache while the rows of c pass by.</summary>
    private const int StepsPerChunk = 512;

    /// <summary>Number of tiles, panel by panel, and block of rows by block of rows within a panel.</summary>
    public static int Tiles(int rows, int panels) => Blocks(rows) * panels;

    private static int Blocks(int rows) => (rows + L.RowsInRegisters - 1) / L.RowsInRegisters;

    /// <summary>Some tiles of the sum over the steps and repeats of a term. Rows of c are columns of a, so <c>RowStride</c> is theirs.</summary>
    /// <param name="term">What is summed; a repeat is a sequence.</param>
    /// <param name="lengths">Steps of each repeat, at most those of the term; null where all have these.</param>
    /// <param name="rows">Rows of c.</param>
    /// <param name="panels">Which columns of b and c.</param>
    /// <param name="c">The sums.</param>
    /// <param name="cStride">Elements from one row of c to the next.</param>
    /// <param name="accumulate">Whether sums begin at what stands in c.</param>
    /// <param name="firstTile">First tile wanted.</param>
    /// <param name="lastTile">First tile not wanted.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(
        in Term<T> term, int* lengths, int rows, in ColumnPanels panels, T* c, nint cStride, bool accumulate, int firstTile, int lastTile)
    {
        bool started = accumulate;
        for (int repeat = 0; repeat < term.Repeats;)
        {
            // As many sequences of one length as fill a chunk together.
            int steps = lengths is null ? term.Steps : lengths[repeat];
            int most = steps > StepsPerChunk ? 1 : Math.Max(1, StepsPerChunk / Math.Max(1, steps)), repeats = 1;
            while (repeats < most && repeat + repeats < term.Repeats && (lengths is null || lengths[repeat + repeats] == steps))
            {
                repeats++;
            }
            for (int step = 0; step < steps; step += StepsPerChunk)
            {
                Term<T> chunk = term;
                chunk.A += repeat * term.ARepeat + step * term.StepStride;
                chunk.B += repeat * term.BRepeat + step * term.BStride;
                chunk.Steps = Math.Min(StepsPerChunk, steps - step);
                chunk.Repeats = repeats;
                RunChunk(chunk, rows, panels, c, cStride, started, firstTile, lastTile);
                started = true;
            }
            repeat += repeats;
        }
        if (!started)
        {
            RunChunk(default, rows, panels, c, cStride, started, firstTile, lastTile); // a sum of nothing
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunChunk(
        in Term<T> chunk, int rows, in ColumnPanels panels, T* c, nint cStride, bool accumulate, int firstTile, int lastTile)
    {
        int blocks = Blocks(rows);
        for (int first = firstTile; first < lastTile;)
        {
            int panel = first / blocks, last = Math.Min(lastTile, (panel + 1) * blocks);
            nint column = panels.First + (nint)panel * panels.Stride;
            Term<T> term = chunk;
            term.B += column;
            for (int block = first - panel * blocks; block < last - panel * blocks; block++)
            {
                int row = block * L.RowsInRegisters;
                T* target = c + row * cStride + column;
                term.A = chunk.A + row * chunk.RowStride;
                PanelKernel<T, L>.RunColumns(
                    Math.Min(L.RowsInRegisters, rows - row), panel == panels.Count - 1 ? panels.LastVectors : panels.Vectors, (int)(panels.End - column), &term, accumulate ? target : null, cStride, target, cStride);
            }
            first = last;
        }
    }
}

/// <summary>Columns that a product is wanted of: panels of some vectors, a stride apart.</summary>
/// <param name="Count">Number of panels.</param>
/// <param name="Vectors">Vectors in a panel, 1 … 4.</param>
/// <param name="LastVectors">Vectors in the last panel.</param>
/// <param name="First">First column of the first panel.</param>
/// <param name="Stride">Columns from one panel to the next.</param>
/// <param name="End">First column that the result does not have; what is read beyond it is not used.</param>
internal readonly record struct ColumnPanels(int Count, int Vectors, int LastVectors, int First, int Stride, int End = int.MaxValue);
