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

    /// <summary>The left operand of <see cref="Multiply"/>: rows of <paramref name="k"/> elements, a stride apart.</summary>
    public static Term<T> LeftOperand(T* a, nint rowStride, int k) =>
        new() { A = a, RowStride = rowStride, StepStride = 1, BStride = Width, Steps = k, Repeats = 1 };

    /// <summary>
    /// Some rows and panels of <c>c (+)= a · b + bias</c>. The term says how a lies, of which row 0 is given; b is packed, panel by panel, as many rows as the
    /// term has steps and repeats.
    /// </summary>
    /// <param name="a">The left operand, see <see cref="LeftOperand"/>.</param>
    /// <param name="firstRow">First row wanted.</param>
    /// <param name="lastRow">First row not wanted.</param>
    /// <param name="b">The packed right operand.</param>
    /// <param name="n">Columns of the result.</param>
    /// <param name="firstPanel">First panel wanted.</param>
    /// <param name="lastPanel">First panel not wanted.</param>
    /// <param name="bias">Where sums begin, [n]; null for zero.</param>
    /// <param name="c">The result.</param>
    /// <param name="cStride">Elements from one of its rows to the next.</param>
    /// <param name="accumulate">Whether sums begin at what stands in c.</param>
    public static void Multiply(
        in Term<T> a, int firstRow, int lastRow, T* b, int n, int firstPanel, int lastPanel, T* bias, T* c, nint cStride, bool accumulate)
    {
        T* tile = stackalloc T[6 * Width];
        T* zeros = stackalloc T[Width];
        new Span<T>(zeros, Width).Clear();
        Term<T> term = a;
        nint panelLength = (nint)term.Steps * term.Repeats * Width;
        for (int panel = firstPanel; panel < lastPanel; panel++)
        {
            int first = panel * Width, width = Math.Min(Width, n - first);
            bool whole = width == Width;
            term.B = b + panel * panelLength;
            for (int row = firstRow; row < lastRow; row += L.RowsInRegisters)
            {
                int rows = Math.Min(L.RowsInRegisters, lastRow - row);
                T* target = c + row * cStride + first;
                term.A = a.A + row * a.RowStride;
                if (whole)
                {
                    T* start = accumulate ? target : bias is null ? zeros : bias + first;
                    PanelKernel<T, L>.Run(rows, &term, 1, start, accumulate ? cStride : 0, target, cStride);
                    continue;
                }
                for (int r = 0; r < rows; r++)
                {
                    var line = new Span<T>(tile + r * Width, Width);
                    line.Clear();
                    if (accumulate || bias is not null)
                    {
                        new Span<T>(accumulate ? target + r * cStride : bias + first, width).CopyTo(line);
                    }
                }
                PanelKernel<T, L>.Run(rows, &term, 1, tile, Width, tile, Width);
                for (int r = 0; r < rows; r++)
                {
                    new Span<T>(tile + r * Width, width).CopyTo(new Span<T>(target + r * cStride, width));
                }
            }
        }
    }

    /// <summary>
    /// Some tiles of <c>c += Σ aᵀ · b</c> over the steps and repeats of a term: the gradient of weights. Rows of c are columns of a
    /// (so <c>RowStride</c> is theirs). Tiles are numbered panel by panel, block of rows by block of rows.
    /// </summary>
    /// <param name="term">What is summed; a repeat is a sequence.</param>
    /// <param name="lengths">Steps of each repeat, at most those of the term; null where all have these.</param>
    /// <param name="rows">Rows of c.</param>
    /// <param name="panels">Which columns of b and c.</param>
    /// <param name="c">The sums.</param>
    /// <param name="cStride">Elements from one row of c to the next.</param>
    /// <param name="firstTile">First tile wanted.</param>
    /// <param name="lastTile">First tile not wanted.</param>
    public static void AccumulateTransposed(
        Term<T> term, int* lengths, int rows, in ColumnPanels panels, T* c, nint cStride, int firstTile, int lastTile)
    {
        int blocks = (rows + L.RowsInRegisters - 1) / L.RowsInRegisters;
        for (int repeat = 0; repeat < term.Repeats;)
        {
            // As many sequences of one length as fill a chunk together.
            int steps = lengths is null ? term.Steps : lengths[repeat];
            int stepsPerChunk = Math.Max(1, Math.Min(steps, StepsPerChunk));
            int most = steps > StepsPerChunk ? 1 : Math.Max(1, StepsPerChunk / Math.Max(1, steps)), repeats = 1;
            while (repeats < most && repeat + repeats < term.Repeats && (lengths is null || lengths[repeat + repeats] == steps))
            {
                repeats++;
            }
            for (int step = 0; step < steps; step += stepsPerChunk)
            {
                for (int tile = firstTile; tile < lastTile; tile++)
                {
                    int row = tile % blocks * L.RowsInRegisters;
                    nint column = panels.First + (nint)(tile / blocks) * panels.Stride;
                    Term<T> chunk = term;
                    chunk.A += repeat * term.ARepeat + step * term.StepStride + row * term.RowStride;
                    chunk.B += repeat * term.BRepeat + step * term.BStride + column;
                    chunk.Steps = Math.Min(stepsPerChunk, steps - step);
                    chunk.Repeats = repeats;
                    T* target = c + row * cStride + column;
                    PanelKernel<T, L>.Run(Math.Min(L.RowsInRegisters, rows - row), panels.Vectors, &chunk, 1, target, cStride, target, cStride);
                }
            }
            repeat += repeats;
        }
    }

    /// <summary>Number of tiles of <see cref="AccumulateTransposed"/>.</summary>
    public static int Tiles(int rows, int panels) => (rows + L.RowsInRegisters - 1) / L.RowsInRegisters * panels;
}

/// <summary>Columns that a product is wanted of: panels of some vectors, a stride apart.</summary>
/// <param name="Count">Number of panels.</param>
/// <param name="Vectors">Vectors in a panel, 1 … 4.</param>
/// <param name="First">First column of the first panel.</param>
/// <param name="Stride">Columns from one panel to the next.</param>
internal readonly record struct ColumnPanels(int Count, int Vectors, int First, int Stride);
