using System.Numerics;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>Whole matrix products, cut into panel kernels. A shard computes some rows (or panels) of the result alone.</summary>
internal static unsafe class Product<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    /// <summary>Rows of time × batch that the gradient of weights takes at a time: what their panels fill stays in the nearest cache.</summary>
    private const int StepsPerChunk = 128;

    private static int Width => PanelKernel<T, L>.Width;

    /// <summary>Number of panels that hold <paramref name="columns"/> columns.</summary>
    public static int Panels(int columns) => (columns + Width - 1) / Width;

    /// <summary>Elements of a packed matrix of this size.</summary>
    public static long PackedLength(int rows, int columns) => (long)Panels(columns) * Width * rows;

    /// <summary>
    /// Packs a matrix [rows, columns] panel by panel: <c>packed[panel, row, column within the panel]</c>, zeros beyond the columns.
    /// </summary>
    public static void Pack(T* matrix, nint rowStride, nint columnStride, int rows, int columns, T* packed)
    {
        for (int panel = 0; panel < Panels(columns); panel++)
        {
            int first = panel * Width, width = Math.Min(Width, columns - first);
            for (int row = 0; row < rows; row++)
            {
                T* source = matrix + row * rowStride + first * columnStride;
                for (int column = 0; column < width; column++)
                {
                    packed[column] = source[column * columnStride];
                }
                for (int column = width; column < Width; column++)
                {
                    packed[column] = T.Zero;
                }
                packed += Width;
            }
        }
    }

    /// <summary>Some rows and panels of <c>c (+)= a · b + bias</c> for a packed b [k, n].</summary>
    public static void Multiply(
        T* a, nint aStride, int firstRow, int lastRow, T* b, int k, int n, int firstPanel, int lastPanel, T* bias, T* c, bool accumulate)
    {
        T* tile = stackalloc T[6 * Width];
        T* zeros = stackalloc T[Width];
        new Span<T>(zeros, Width).Clear();
        var term = new Term<T> { RowStride = aStride, StepStride = 1, BStride = Width, Steps = k, Repeats = 1 };
        for (int panel = firstPanel; panel < lastPanel; panel++)
        {
            int first = panel * Width, width = Math.Min(Width, n - first);
            bool whole = width == Width;
            term.B = b + (nint)panel * k * Width;
            for (int row = firstRow; row < lastRow; row += L.RowsInRegisters)
            {
                int rows = Math.Min(L.RowsInRegisters, lastRow - row);
                T* target = c + (nint)row * n + first;
                term.A = a + row * aStride;
                if (whole)
                {
                    T* start = accumulate ? target : bias is null ? zeros : bias + first;
                    PanelKernel<T, L>.Run(rows, &term, 1, start, accumulate ? n : 0, target, n);
                    continue;
                }
                for (int r = 0; r < rows; r++)
                {
                    var line = new Span<T>(tile + r * Width, Width);
                    line.Clear();
                    if (accumulate || bias is not null)
                    {
                        new Span<T>(accumulate ? target + (nint)r * n : bias + first, width).CopyTo(line);
                    }
                }
                PanelKernel<T, L>.Run(rows, &term, 1, tile, Width, tile, Width);
                for (int r = 0; r < rows; r++)
                {
                    new Span<T>(tile + r * Width, width).CopyTo(new Span<T>(target + (nint)r * n, width));
                }
            }
        }
    }

    /// <summary>
    /// Some tiles of <c>c += Σ aᵀ · b</c> over the steps and repeats of a term: the gradient of weights. Rows of c are columns of a
    /// (so <c>RowStride</c> is theirs); c is whole panels wide. Tiles are numbered panel by panel, block of rows by block of rows.
    /// </summary>
    public static void AccumulateTransposed(Term<T> term, int rows, T* c, nint cStride, int firstTile, int lastTile)
    {
        int blocks = (rows + L.RowsInRegisters - 1) / L.RowsInRegisters;
        int stepsPerChunk = Math.Min(term.Steps, StepsPerChunk);
        int repeatsPerChunk = stepsPerChunk < term.Steps ? 1 : Math.Max(1, StepsPerChunk / Math.Max(1, term.Steps));
        for (int repeat = 0; repeat < term.Repeats; repeat += repeatsPerChunk)
        {
            for (int step = 0; step < term.Steps; step += stepsPerChunk)
            {
                for (int tile = firstTile; tile < lastTile; tile++)
                {
                    int panel = tile / blocks, row = tile % blocks * L.RowsInRegisters;
                    Term<T> chunk = term;
                    chunk.A += repeat * term.ARepeat + step * term.StepStride + row * term.RowStride;
                    chunk.B += repeat * term.BRepeat + step * term.BStride + panel * Width;
                    chunk.Steps = Math.Min(stepsPerChunk, term.Steps - step);
                    chunk.Repeats = Math.Min(repeatsPerChunk, term.Repeats - repeat);
                    T* target = c + row * cStride + panel * Width;
                    PanelKernel<T, L>.Run(Math.Min(L.RowsInRegisters, rows - row), &chunk, 1, target, cStride, target, cStride);
                }
            }
        }
    }

    /// <summary>Number of tiles of <see cref="AccumulateTransposed"/>.</summary>
    public static int Tiles(int rows, int panels) => (rows + L.RowsInRegisters - 1) / L.RowsInRegisters * panels;
}
