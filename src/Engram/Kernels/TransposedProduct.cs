using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels.Lanes;

namespace Engram.Kernels;

/// <summary>
/// <c>c (+)= Σ aᵀ · b</c> over rows of time × batch: the gradient of weights, or of several that meet the same b. Every element is one chain of additions over the steps of the first
/// sequence, then those of the next, so that however tiles are shared out the bits are the same.
/// </summary>
internal static unsafe class TransposedProduct<T, L>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where L : unmanaged, ILanes<L, T>
{
    /// <summary>Steps taken in one go: a panel of b so long stays in the second cache while the rows of c pass by.</summary>
    private const int StepsPerChunk = 512;

    /// <summary>Number of tiles: panel by panel; within a panel factor by factor, and block of rows by block of rows.</summary>
    public static int Tiles(TransposedFactor<T>* factors, int count) => count == 0 ? 0 : factors->Panels.Count * TilesOfPanel(factors, count);

    private static int TilesOfPanel(TransposedFactor<T>* factors, int count)
    {
        int tiles = 0;
        for (int factor = 0; factor < count; factor++)
        {
            tiles += Blocks(factors[factor].Rows);
        }
        return tiles;
    }

    private static int Blocks(int rows) => (rows + L.RowsInRegisters - 1) / L.RowsInRegisters;

    /// <summary>Some tiles of the sums over some sequences.</summary>
    /// <param name="factors">What meets b: sequences, steps, b itself, and number and stride of panels are the same for all.</param>
    /// <param name="count">Number of factors.</param>
    /// <param name="lengths">Steps of each sequence, at most those of the terms; null where all have these.</param>
    /// <param name="firstSequence">First sequence wanted, a repeat of the terms.</param>
    /// <param name="lastSequence">First sequence not wanted.</param>
    /// <param name="offset">Elements from where the factors say that c is to where the sums are wanted.</param>
    /// <param name="firstTile">First tile wanted.</param>
    /// <param name="lastTile">First tile not wanted.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(
        TransposedFactor<T>* factors, int count, int* lengths, int firstSequence, int lastSequence, nint offset, int firstTile, int lastTile)
    {
        bool started = false;
        for (int sequence = firstSequence; sequence < lastSequence;)
        {
            // As many sequences of one length as fill a chunk together.
            int steps = lengths is null ? factors->Term.Steps : lengths[sequence];
            int most = steps > StepsPerChunk ? 1 : Math.Max(1, StepsPerChunk / Math.Max(1, steps)), sequences = 1;
            while (sequences < most && sequence + sequences < lastSequence && (lengths is null || lengths[sequence + sequences] == steps))
            {
                sequences++;
            }
            for (int step = 0; step < steps; step += StepsPerChunk)
            {
                RunChunk(factors, count, new Chunk(sequence, sequences, step, Math.Min(StepsPerChunk, steps - step)), offset, started, firstTile, lastTile);
                started = true;
            }
            sequence += sequences;
        }
        if (!started)
        {
            RunChunk(factors, count, default, offset, started, firstTile, lastTile); // a sum of nothing
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunChunk(TransposedFactor<T>* factors, int count, Chunk chunk, nint offset, bool continues, int firstTile, int lastTile)
    {
        int tilesOfPanel = TilesOfPanel(factors, count);
        for (int tile = firstTile; tile < lastTile; tile++)
        {
            int panel = tile / tilesOfPanel, block = tile - panel * tilesOfPanel;
            TransposedFactor<T>* factor = factors;
            for (; block >= Blocks(factor->Rows); factor++)
            {
                block -= Blocks(factor->Rows);
            }
            int leftOut = Math.Min(chunk.Steps, Math.Max(0, factor->FirstStep - chunk.Step)), row = block * L.RowsInRegisters;
            nint step = chunk.Step + leftOut, column = factor->Panels.First + (nint)panel * factor->Panels.Stride;
            Term<T> term = factor->Term;
            term.A += chunk.Sequence * term.ARepeat + step * term.StepStride + row * term.RowStride;
            term.B += chunk.Sequence * term.BRepeat + step * term.BStride + column;
            term.Steps = chunk.Steps - leftOut;
            term.Repeats = chunk.Sequences;
            T* target = factor->C + offset + row * factor->CStride + column;
            PanelKernel<T, L>.RunColumns(
                Math.Min(L.RowsInRegisters, factor->Rows - row), panel == factor->Panels.Count - 1 ? factor->Panels.LastVectors : factor->Panels.Vectors,
                (int)(factor->Panels.End - column), &term, continues || factor->Accumulate ? target : null, factor->CStride, target, factor->CStride);
        }
    }

    /// <summary>Steps of some sequences that are summed in one go.</summary>
    private readonly record struct Chunk(int Sequence, int Sequences, int Step, int Steps);
}

/// <summary>What is multiplied with b, transposed, and where the sums are wanted.</summary>
internal unsafe struct TransposedFactor<T>
    where T : unmanaged
{
    /// <summary>What is summed; a repeat is a sequence. Rows of c are columns of a, so <c>RowStride</c> is theirs.</summary>
    public Term<T> Term;

    /// <summary>Steps at the beginning of each sequence that are left out.</summary>
    public int FirstStep;

    /// <summary>Which columns of b and c.</summary>
    public ColumnPanels Panels;

    /// <summary>The sums.</summary>
    public T* C;

    /// <summary>Elements from one row of c to the next.</summary>
    public nint CStride;

    /// <summary>Rows of c.</summary>
    public int Rows;

    /// <summary>Whether sums begin at what stands in c.</summary>
    public bool Accumulate;
}

/// <summary>Columns that a product is wanted of: panels of some vectors, a stride apart.</summary>
/// <param name="Count">Number of panels.</param>
/// <param name="Vectors">Vectors in a panel, 1 … 4.</param>
/// <param name="LastVectors">Vectors in the last panel.</param>
/// <param name="First">First column of the first panel.</param>
/// <param name="Stride">Columns from one panel to the next.</param>
/// <param name="End">First column that the result does not have; what is read beyond it is not used.</param>
internal readonly record struct ColumnPanels(int Count, int Vectors, int LastVectors, int First, int Stride, int End = int.MaxValue);
