using Engram.Kernels;

namespace Engram.Backends;

/// <content>Matrix products.</content>
internal sealed unsafe partial class CpuBackend<T, L>
{
    /// <inheritdoc/>
    public PackedMatrix Pack(Storage matrix, int rows, int columns, bool transpose, PackedMatrix? reuse)
    {
        (int k, int n) = transpose ? (columns, rows) : (rows, columns);
        PackedPanels packed = reuse is PackedPanels free && (free.Rows, free.Columns) == (k, n) ? free : new PackedPanels(k, n, new CpuStorage<T>(Product<T, L>.PackedLength(k, n)));
        Product<T, L>.Pack(Pointer(matrix), transpose ? 1 : columns, transpose ? columns : 1, k, n, packed.Panels.Pointer);
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
    public void MultiplyTransposed(Storage a, Storage b, int rows, int m, int n, Storage c, bool accumulate)
    {
        int panels = Product<T, L>.Panels(n);
        nint stride = (nint)panels * PanelKernel<T, L>.Width;
        CpuStorage<T> sums = _pool.Rent(m * stride);
        Span(sums, m * stride).Clear();
        AccumulateTransposed(
            new Term<T> { A = Pointer(a), RowStride = 1, StepStride = m, B = Pointer(b), BStride = n, Steps = rows, Repeats = 1 },
            null, m, new ColumnPanels(panels, Vectors: 4, First: 0, PanelKernel<T, L>.Width), sums.Pointer, stride);
        for (int row = 0; row < m; row++)
        {
            var source = new ReadOnlySpan<T>(sums.Pointer + row * stride, n);
            var target = new Span<T>(Pointer(c) + (nint)row * n, n);
            if (accumulate)
            {
                System.Numerics.Tensors.TensorPrimitives.Add(target, source, target);
            }
            else
            {
                source.CopyTo(target);
            }
        }
        _pool.Return(sums);
    }

    /// <inheritdoc/>
    public void SumRows(Storage a, int rows, int columns, Storage sums, bool accumulate)
    {
        Span<T> target = Span(sums, columns);
        if (!accumulate)
        {
            target.Clear();
        }
        for (int row = 0; row < rows; row++)
        {
            System.Numerics.Tensors.TensorPrimitives.Add(target, new ReadOnlySpan<T>(Pointer(a) + (nint)row * columns, columns), target);
        }
    }

    /// <summary>Shares a product among the workers.</summary>
    internal void Multiply(ref MultiplyJob job)
    {
        // Rows are shared out where there are enough of them, else panels; either way every element is one chain of sums.
        job.ByRows = job.Rows >= 2 * L.RowsInRegisters * _workers.Count;
        job.Panels = Product<T, L>.Panels(job.N);
        long work = (long)job.Rows * job.A.Steps * job.A.Repeats * job.N;
        job.Shards = work < 20_000 ? 1 : Math.Min(_workers.Count, job.ByRows ? job.Rows : job.Panels);
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
            Product<T, L>.Multiply(job->A, firstRow, lastRow, job->B, job->N, firstPanel, lastPanel, job->Bias, job->C, job->N, job->Accumulate);
            return;
        }
        for (int sequence = firstRow / Math.Max(1, job->Steps); sequence * job->Steps < lastRow; sequence++)
        {
            int start = sequence * job->Steps;
            int from = Math.Max(firstRow, start), to = Math.Min(lastRow, start + job->Lengths[sequence]);
            Product<T, L>.Multiply(job->A, from, to, job->B, job->N, firstPanel, lastPanel, job->Bias, job->C, job->N, job->Accumulate);
        }
    }

    /// <summary>c += Σ aᵀ · b over a term, tiles shared among the workers; see <see cref="Product{T, L}.AccumulateTransposed"/>.</summary>
    internal void AccumulateTransposed(in Term<T> term, int* lengths, int rows, in ColumnPanels panels, T* c, nint cStride)
    {
        var job = new TransposedJob
        {
            Term = term, Lengths = lengths, Rows = rows, Panels = panels, C = c, Stride = cStride, Tiles = Product<T, L>.Tiles(rows, panels.Count),
        };
        long work = (long)term.Steps * term.Repeats * rows * panels.Count * panels.Vectors * L.Count;
        job.Shards = work < 20_000 ? 1 : Math.Min(_workers.Count, job.Tiles);
        _workers.Run(job.Shards, &RunTransposed, &job);
    }

    private static void RunTransposed(void* state, int shard)
    {
        var job = (TransposedJob*)state;
        (int first, int last) = Part(job->Tiles, shard, job->Shards);
        Product<T, L>.AccumulateTransposed(job->Term, job->Lengths, job->Rows, job->Panels, job->C, job->Stride, first, last);
    }

    private sealed class PackedPanels(int rows, int columns, CpuStorage<T> panels) : PackedMatrix(rows, columns)
    {
        public CpuStorage<T> Panels { get; } = panels;
    }

    /// <summary>A product to be shared out; with <c>Lengths</c>, of every <c>Steps</c> rows only the first so many are wanted.</summary>
    internal struct MultiplyJob
    {
        public Term<T> A;
        public T* B, C, Bias;
        public int* Lengths;
        public int Rows, N, Steps, Panels, Shards;
        public bool Accumulate, ByRows;
    }

    private struct TransposedJob
    {
        public Term<T> Term;
        public int* Lengths;
        public ColumnPanels Panels;
        public T* C;
        public nint Stride;
        public int Rows, Tiles, Shards;
    }
}
