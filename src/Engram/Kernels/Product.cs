using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>Whole matrix products, cut into panel kernels. A shard computes some rows (or panels) of the result alone.</summary>
internal static unsafe class Product<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    /// <summary>Rows of b that one go takes: a panel of so many stays in the second cache.</summary>
    private const int StepsPerBlock = 2048;

    /// <summary>Elements of a that one go takes, which stay in the second cache while all panels of b pass by.</summary>
    private const int ElementsPerBlock = 64 * 1024;

    private static int Width => PanelKernel<T, L>.Width;

    /// <summary>Number of panels that hold <paramref name="columns"/> columns.</summary>
    public static int Panels(int columns) => (columns + Width - 1) / Width;

    /// <summary>Elements of a packed matrix of this size.</summary>
    public static long PackedLength(int rows, int columns) => (long)Panels(columns) * Width * rows;

    /// <summary>
    /// Packs some panels of a matrix [rows, columns]: <c>packed[panel, row, column within the panel]</c>, zeros beyond the columns. Either its rows or its
    /// columns are contiguous.
    /// </summary>
    public static void Pack(T* matrix, nint rowStride, nint columnStride, int rows, int columns, T* packed, int firstPanel, int lastPanel)
    {
        for (int panel = firstPanel; panel < lastPanel; panel++)
        {
            int first = panel * Width, width = Math.Min(Width, columns - first);
            T* source = matrix + first * columnStride, target = packed + (nint)panel * Width * rows;
            if (width < Width)
            {
                new Span<T>(target, Width * rows).Clear();
            }
            if (columnStride == 1)
            {
                for (int row = 0; row < rows; row++)
                {
                    new ReadOnlySpan<T>(source + row * rowStride, width).CopyTo(new Span<T>(target + row * Width, width));
                }
                continue;
            }
            Transposition<T>.Run(source, columnStride, width, rows, target, Width);
        }
    }

    /// <summary>The left operand of <see cref="Multiply"/>: rows of <paramref name="k"/> elements, a stride apart.</summary>
    public static Term<T> LeftOperand(T* a, nint rowStride, int k) =>
        new() { A = a, RowStride = rowStride, StepStride = 1, BStride = Width, Steps = k, Repeats = 1 };

    /// <summary>
    /// Some columns of <c>c (+)= a · b + bias</c> where b [k, n] is packed block by block of a panel, each of which is forgotten when all rows have met it. The sums are
    /// those of <see cref="Multiply"/>, to the bit.
    /// </summary>
    /// <param name="a">The left operand, see <see cref="LeftOperand"/>.</param>
    /// <param name="rows">Rows of a and c.</param>
    /// <param name="b">The right operand.</param>
    /// <param name="rowStride">Elements from one of its rows to the next.</param>
    /// <param name="columnStride">Elements from one of its columns to the next; one of both is 1.</param>
    /// <param name="firstColumn">First column wanted.</param>
    /// <param name="lastColumn">First column not wanted.</param>
    /// <param name="packed">Room for <see cref="BlockLength"/> elements.</param>
    /// <param name="bias">Where sums begin, [n]; null for zero.</param>
    /// <param name="c">The result.</param>
    /// <param name="cStride">Elements from one of its rows to the next.</param>
    /// <param name="accumulate">Whether sums begin at what stands in c.</param>
    public static void MultiplyUnpacked(
        in Term<T> a, int rows, T* b, nint rowStride, nint columnStride, int firstColumn, int lastColumn, T* packed, T* bias, T* c, nint cStride, bool accumulate)
    {
        int stepsPerBlock = StepsPerBlockOf(a.Steps);
        for (int column = firstColumn; column < lastColumn; column += Width)
        {
            int columns = Math.Min(Width, lastColumn - column), step = 0;
            do
            {
                Term<T> term = a;
                term.A += step * a.StepStride;
                term.Steps = Math.Min(stepsPerBlock, a.Steps - step);
                Pack(b + step * rowStride + column * columnStride, rowStride, columnStride, term.Steps, columns, packed, 0, 1);
                Multiply(term, 0, rows, packed, columns, 0, 1, bias is null ? null : bias + column, c + column, cStride, accumulate || step > 0);
                step += stepsPerBlock;
            }
            while (step < a.Steps);
        }
    }

    /// <summary>Elements of a panel's block of a matrix of so many rows.</summary>
    public static int BlockLength(int rows) => StepsPerBlockOf(rows) * Width;

    /// <summary>Steps cut into as few blocks as need be, of about the same size.</summary>
    private static int StepsPerBlockOf(int steps)
    {
        int blocks = Math.Max(1, (steps + StepsPerBlock - 1) / StepsPerBlock);
        return (steps + blocks - 1) / blocks;
    }

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
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(
        in Term<T> a, int firstRow, int lastRow, T* b, int n, int firstPanel, int lastPanel, T* bias, T* c, nint cStride, bool accumulate)
    {
        nint panelLength = (nint)a.Steps * a.Repeats * Width;
        int stepsPerBlock = a.Repeats > 1 ? a.Steps : StepsPerBlockOf(a.Steps), blocks = Math.Max(1, (a.Steps + stepsPerBlock - 1) / Math.Max(1, stepsPerBlock));
        int rowsPerBlock = Math.Max(1, ElementsPerBlock / (Math.Max(1, stepsPerBlock * a.Repeats) * L.RowsInRegisters)) * L.RowsInRegisters;
        for (int blockOfRows = firstRow; blockOfRows < lastRow; blockOfRows += rowsPerBlock)
        {
            int end = Math.Min(lastRow, blockOfRows + rowsPerBlock);
            for (int block = 0; block < blocks; block++)
            {
                int step = block * stepsPerBlock;
                Term<T> term = a;
                term.Steps = Math.Min(stepsPerBlock, a.Steps - step);
                bool continues = accumulate || block > 0;
                for (int panel = firstPanel; panel < lastPanel; panel++)
                {
                    int column = panel * Width, columns = Math.Min(Width, n - column), vectors = (columns + L.Count - 1) / L.Count;
                    term.B = b + panel * panelLength + step * a.BStride;
                    for (int row = blockOfRows; row < end; row += L.RowsInRegisters)
                    {
                        T* target = c + row * cStride + column;
                        term.A = a.A + row * a.RowStride + step * a.StepStride;
                        PanelKernel<T, L>.RunColumns(
                            Math.Min(L.RowsInRegisters, end - row), vectors, columns, &term,
                            continues ? target : bias is null ? null : bias + column, continues ? cStride : 0, target, cStride);
                    }
                }
            }
        }
    }
}
