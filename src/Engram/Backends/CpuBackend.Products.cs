using System.Diagnostics;
using Engram.Kernels;

namespace Engram.Backends;

/// <content>Matrix products.</content>
internal sealed unsafe partial class CpuBackend<T, L>
{
    /// <summary>Elements of a matrix that are packed at a time: two megabytes of single precision.</summary>
    private const int ElementsPerChunk = 512 * 1024;

    /// <summary>Rows that meet narrow columns together.</summary>
    private const int NarrowBlock = 48;

    /// <inheritdoc/>
    public PackedMatrix Pack(Storage matrix, int rows, int columns, bool transpose, PackedMatrix? reuse)
    {
        (int k, int n) = transpose ? (columns, rows) : (rows, columns);
        PackedPanels packed = reuse is PackedPanels free && (free.Rows, free.Columns) == (k, n) ? free : new PackedPanels(k, n, new CpuStorage<T>(Product<T, L>.PackedLength(k, n)));
        Pack(Pointer(matrix), transpose ? 1 : columns, transpose ? columns : 1, k, n, packed.Panels.Pointer);
        return packed;
    }

    /// <inheritdoc/>
    public void Multiply(Storage a, int rows, PackedMatrix b, Storage? bias, Storage c, bool accumulate)
    {
        var job = new MultiplyJob
        {
            A = Product<T, L>.LeftOperand(Pointer(a), b.Rows, b.Rows), B = ((PackedPanels)b).Panels.Pointer, C = Pointer(c), Bias = Pointer(bias),
            Rows = rows, N = b.Columns, Accumulate = accumulate,
        };
        Multiply(ref job);
        GC.KeepAlive(b); // the workers see its pointer only, and a matrix packed for this call is held by nobody else
    }

    /// <inheritdoc/>
    public void Multiply(Storage a, int rows, Storage matrix, int matrixRows, int matrixColumns, bool transpose, Storage? bias, Storage c, bool accumulate)
    {
        (int k, int n) = transpose ? (matrixColumns, matrixRows) : (matrixRows, matrixColumns);
        var job = new UnpackedJob
        {
            A = Product<T, L>.LeftOperand(Pointer(a), k, k), Matrix = Pointer(matrix), C = Pointer(c), Bias = Pointer(bias), Rows = rows, N = n, Accumulate = accumulate,
            RowStride = transpose ? 1 : matrixColumns, ColumnStride = transpose ? matrixColumns : 1,
            Vectors = (n + L.Count - 1) / L.Count, PackedLength = Product<T, L>.BlockLength(k),
        };
        if (rows > n)
        {
            MultiplyInChunks(job);
            return;
        }
        job.Shards = ShardsFor(job.Vectors, (long)rows * k * n);
        CpuStorage<T> packed = Pool.Rent(job.Shards * job.PackedLength);
        job.Packed = packed.Pointer;
        _workers.Run(job.Shards, &RunMultiplyUnpacked, &job);
        Pool.Return(packed);
    }

    /// <summary>
    /// The same where a is the larger: threads share its rows, so that each is read by one of them, and once. Some steps of b are packed by all, meet all rows, and are forgotten.
    /// </summary>
    private void MultiplyInChunks(in UnpackedJob unpacked)
    {
        int k = unpacked.A.Steps, chunks = (int)(Product<T, L>.PackedLength(k, unpacked.N) / ElementsPerChunk) + 1, steps = (k + chunks - 1) / chunks, step = 0;
        CpuStorage<T> packed = Pool.Rent(Product<T, L>.PackedLength(steps, unpacked.N));
        do
        {
            int count = Math.Min(steps, k - step);
            Pack(unpacked.Matrix + step * unpacked.RowStride, unpacked.RowStride, unpacked.ColumnStride, count, unpacked.N, packed.Pointer);
            var job = new MultiplyJob
            {
                A = unpacked.A with { A = unpacked.A.A + step * unpacked.A.StepStride, Steps = count }, B = packed.Pointer, C = unpacked.C, Bias = unpacked.Bias,
                Rows = unpacked.Rows, N = unpacked.N, Accumulate = unpacked.Accumulate || step > 0,
            };
            Multiply(ref job);
            step += steps;
        }
        while (step < k);
        Pool.Return(packed);
    }

    private static void RunMultiplyUnpacked(void* state, int shard)
    {
        var job = (UnpackedJob*)state;
        (int first, int last) = Part(job->Vectors, shard, job->Shards);
        Product<T, L>.MultiplyUnpacked(
            job->A, job->Rows, job->Matrix, job->RowStride, job->ColumnStride, first * L.Count, Math.Min(last * L.Count, job->N),
            job->Packed + shard * job->PackedLength, job->Bias, job->C, job->N, job->Accumulate);
    }

    /// <inheritdoc/>
    public void MultiplyTransposed(Storage a, Storage b, int rows, int m, int n, in GradientTarget c, in GradientTarget sums)
    {
        var columns = new ColumnPanels(Product<T, L>.Panels(n), Vectors: 4, LastVectors: 4, First: 0, PanelKernel<T, L>.Width, End: n);
        var term = new Term<T> { RowStride = 1, B = Pointer(b), BStride = n, Steps = rows, Repeats = 1 };
        T one = T.One;
        TransposedFactor<T>* factors = stackalloc TransposedFactor<T>[2];
        factors[0] = new() { Term = term with { A = Pointer(a), StepStride = m }, Panels = columns, C = Pointer(c.Storage), CStride = n, Rows = m, Accumulate = c.Accumulate };
        factors[1] = new() { Term = term with { A = &one }, Panels = columns, C = Pointer(sums.Storage), CStride = n, Rows = 1, Accumulate = sums.Accumulate };
        int* all = stackalloc int[] { 0, 1 };
        MultiplyTransposed(factors, sums.Storage is null ? 1 : 2, null, all, 1, 0);
    }

    /// <inheritdoc/>
    public void SumRows(Storage a, int rows, int columns, Storage sums, bool accumulate)
    {
        var job = new SumRowsJob { A = Pointer(a), Sums = Pointer(sums), Rows = rows, Columns = columns, Accumulate = accumulate };
        job.Blocks = (columns + SumRowsJob.BlockWidth - 1) / SumRowsJob.BlockWidth;
        job.Shards = ShardsFor(job.Blocks, (long)rows * columns);
        _workers.Run(job.Shards, &RunSumRows, &job);
    }

    private static void RunSumRows(void* state, int shard)
    {
        var job = (SumRowsJob*)state;
        (int first, int last) = Part(job->Blocks, shard, job->Shards);
        for (int block = first; block < last; block++)
        {
            int from = block * SumRowsJob.BlockWidth, width = Math.Min(SumRowsJob.BlockWidth, job->Columns - from);
            var sums = new Span<T>(job->Sums + from, width);
            if (!job->Accumulate)
            {
                sums.Clear();
            }
            for (int row = 0; row < job->Rows; row++)
            {
                System.Numerics.Tensors.TensorPrimitives.Add(sums, new ReadOnlySpan<T>(job->A + (nint)row * job->Columns + from, width), sums);
            }
        }
    }

    /// <summary>Packs a matrix, panels shared among the workers; see <see cref="Product{T, L}.Pack"/>.</summary>
    internal void Pack(T* matrix, nint rowStride, nint columnStride, int rows, int columns, T* packed)
    {
        var job = new PackJob
        {
            Matrix = matrix, Packed = packed, RowStride = rowStride, ColumnStride = columnStride, Rows = rows, Columns = columns, Panels = Product<T, L>.Panels(columns),
        };
        job.Shards = ShardsFor(job.Panels, (long)rows * columns);
        _workers.Run(job.Shards, &RunPack, &job);
    }

    private static void RunPack(void* state, int shard)
    {
        var job = (PackJob*)state;
        (int first, int last) = Part(job->Panels, shard, job->Shards);
        Product<T, L>.Pack(job->Matrix, job->RowStride, job->ColumnStride, job->Rows, job->Columns, job->Packed, first, last);
    }

    /// <summary>Shares a product among the workers.</summary>
    internal void Multiply(ref MultiplyJob job)
    {
        // Rows are shared out where there are enough of them, or else panels; of both that which is less to read for every thread, so that not each reads all of b where b is the larger. Panels only
        // where every thread gets about as many. Either way every element is one chain of sums.
        Debug.Assert(job.NarrowColumns == 0 || job.Bias is null, "a bias would not reach narrow columns");
        int workers = _workers.Count;
        job.Panels = Math.Max(1, Product<T, L>.Panels(job.N - job.NarrowColumns));
        job.ByRows = job.Rows >= 2 * L.RowsInRegisters * workers && (job.Rows >= job.N || (job.Panels < 8 * workers && job.Panels % workers != 0));
        job.Shards = ShardsFor(job.ByRows ? job.Rows : job.Panels, (long)job.Rows * job.A.Steps * job.A.Repeats * job.N);
        fixed (MultiplyJob* state = &job)
        {
            _workers.Run(job.Shards, &RunMultiply, state);
        }
    }

    private static void RunMultiply(void* state, int shard)
    {
        var job = (MultiplyJob*)state;
        (int firstRow, int lastRow) = job->ByRows ? Part(job->Rows, shard, job->Shards) : (0, job->Rows);
        (int firstPanel, int lastPanel) = job->ByRows ? (0, job->Panels) : Part(job->Panels, shard, job->Shards);
        if (job->Lengths is null)
        {
            MultiplyRows(job, firstRow, lastRow, firstPanel, lastPanel);
            return;
        }
        for (int sequence = firstRow / Math.Max(1, job->Steps); sequence * job->Steps < lastRow; sequence++)
        {
            int start = sequence * job->Steps;
            int from = Math.Max(firstRow, start), to = Math.Min(lastRow, start + job->Lengths[sequence]);
            MultiplyRows(job, from, to, firstPanel, lastPanel);
        }
    }

    private static void MultiplyRows(MultiplyJob* job, int firstRow, int lastRow, int firstPanel, int lastPanel)
    {
        int columns = job->N - job->NarrowColumns;
        // Of narrow columns some rows at a time, which then are still in the second cache.
        int rows = job->NarrowColumns > 0 ? NarrowBlock : Math.Max(1, lastRow - firstRow);
        for (int row = firstRow; row < lastRow; row += rows)
        {
            int last = Math.Min(lastRow, row + rows);
            if (columns > 0)
            {
                Product<T, L>.Multiply(job->A, row, last, job->B, columns, firstPanel, lastPanel, job->Bias, job->C, job->N, job->Accumulate);
            }
            if (job->NarrowColumns > 0 && lastPanel == job->Panels)
            {
                NarrowProduct<T, L>.Run(
                    job->A.A + row * job->A.RowStride, job->A.RowStride, last - row, job->A.Steps, job->Narrow, job->NarrowColumns, job->C + (nint)row * job->N + columns, job->N, job->Accumulate);
            }
        }
    }

    /// <summary>c = Σ aᵀ · b over a term, tiles shared among the workers; see <see cref="TransposedProduct{T, L}"/>.</summary>
    internal void MultiplyTransposed(in Term<T> term, int* lengths, int rows, in ColumnPanels panels, T* c, nint cStride)
    {
        var factor = new TransposedFactor<T> { Term = term, Panels = panels, C = c, CStride = cStride, Rows = rows };
        int* all = stackalloc int[] { 0, term.Repeats };
        MultiplyTransposed(&factor, 1, lengths, all, 1, 0);
    }

    /// <summary>The same for several factors that meet the same b, in sums of their own for each part of the sequences.</summary>
    /// <param name="factors">What meets b.</param>
    /// <param name="count">Number of factors.</param>
    /// <param name="lengths">Steps of each sequence; null where all have those of the terms.</param>
    /// <param name="boundaries">The first sequence of each part, and behind the last one the end.</param>
    /// <param name="parts">Number of parts. Threads take one after the other, as they take rows, so that each mostly reads what it has written.</param>
    /// <param name="lengthOfPart">Elements from the sums of one part to those of the next.</param>
    internal void MultiplyTransposed(TransposedFactor<T>* factors, int count, int* lengths, int* boundaries, int parts, nint lengthOfPart)
    {
        var job = new TransposedJob
        {
            Factors = factors, Count = count, Lengths = lengths, Boundaries = boundaries, Parts = parts, LengthOfPart = lengthOfPart,
            Tiles = TransposedProduct<T, L>.Tiles(factors, count),
        };
        long operations = 0;
        for (int factor = 0; factor < count; factor++)
        {
            ref readonly ColumnPanels panels = ref factors[factor].Panels;
            operations += (long)factors[factor].Term.Steps * factors[factor].Term.Repeats * factors[factor].Rows * panels.Count * panels.Vectors * L.Count;
        }
        job.Shards = ShardsFor(parts * job.Tiles, operations);
        _workers.Run(job.Shards, &RunTransposed, &job);
    }

    private static void RunTransposed(void* state, int shard)
    {
        var job = (TransposedJob*)state;
        (int first, int last) = Part(job->Parts * job->Tiles, shard, job->Shards);
        while (first < last)
        {
            int part = first / job->Tiles, begin = part * job->Tiles, end = Math.Min(last, begin + job->Tiles);
            TransposedProduct<T, L>.Run(
                job->Factors, job->Count, job->Lengths, job->Boundaries[part], job->Boundaries[part + 1], part * job->LengthOfPart, first - begin, end - begin);
            first = end;
        }
    }

    private sealed class PackedPanels(int rows, int columns, CpuStorage<T> panels) : PackedMatrix(rows, columns)
    {
        public CpuStorage<T> Panels { get; } = panels;
    }

    /// <summary>
    /// A product to be shared out; with <c>Lengths</c>, of every <c>Steps</c> rows only the first so many are wanted. Of the columns the last may be narrow ones, see <see cref="NarrowProduct{T, L}"/>, where there is no bias.
    /// </summary>
    internal struct MultiplyJob
    {
        public Term<T> A;
        public T* B, Narrow, C, Bias;
        public int* Lengths;
        public int Rows, N, NarrowColumns, Steps, Panels, Shards;
        public bool Accumulate, ByRows;
    }

    private struct UnpackedJob
    {
        public Term<T> A;
        public T* Matrix, Packed, C, Bias;
        public nint RowStride, ColumnStride, PackedLength;
        public int Rows, N, Vectors, Shards;
        public bool Accumulate;
    }

    private struct PackJob
    {
        public T* Matrix, Packed;
        public nint RowStride, ColumnStride;
        public int Rows, Columns, Panels, Shards;
    }

    private struct SumRowsJob
    {
        /// <summary>Columns summed together; their sums stay in the nearest cache.</summary>
        public const int BlockWidth = 1024;

        public T* A, Sums;
        public int Rows, Columns, Blocks, Shards;
        public bool Accumulate;
    }

    private struct TransposedJob
    {
        public TransposedFactor<T>* Factors;
        public int* Lengths, Boundaries;
        public nint LengthOfPart;
        public int Count, Parts, Tiles, Shards;
    }
}
