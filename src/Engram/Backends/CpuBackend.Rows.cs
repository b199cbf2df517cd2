using System.Numerics.Tensors;
using Engram.Kernels;

namespace Engram.Backends;

/// <content>Normalisation of rows, and windows over time.</content>
internal sealed unsafe partial class CpuBackend<T, L>
{
    /// <inheritdoc/>
    public void Normalize(Storage x, int rows, int columns, double epsilon, Storage normalized, Storage? inverseDeviation)
    {
        var job = new RowJob { X = Pointer(x), Normalized = Pointer(normalized), Inverse = Pointer(inverseDeviation), Rows = rows, Columns = columns, Epsilon = epsilon };
        Share(ref job, &RunNormalize);
    }

    /// <inheritdoc/>
    public void ScaleAndShift(Storage normalized, int rows, int columns, Storage scale, Storage shift, Storage y)
    {
        for (int row = 0; row < rows; row++)
        {
            TensorPrimitives.MultiplyAdd(Row(normalized, row, columns), Row(scale, 0, columns), Row(shift, 0, columns), Row(y, row, columns));
        }
    }

    /// <inheritdoc/>
    public void NormalizeBackward(
        Storage normalized, Storage inverseDeviation, Storage scale, Storage dy, int rows, int columns,
        GradientTarget dx, GradientTarget dScale, GradientTarget dShift)
    {
        if (dx.Storage is not null)
        {
            // dx̂ = dy ⊙ scale, a row at a time, in memory of the shard's own.
            CpuStorage<T> scratch = _pool.Rent((long)_workers.Count * columns);
            var job = new RowJob
            {
                X = Pointer(dy), Normalized = Pointer(normalized), Inverse = Pointer(inverseDeviation), Scale = Pointer(scale), Scratch = scratch.Pointer,
                DX = Pointer(dx.Storage), Rows = rows, Columns = columns, Accumulate = dx.Accumulate,
            };
            Share(ref job, &RunNormalizeBackward);
            _pool.Return(scratch);
        }
        if (dScale.Storage is not null)
        {
            ClearUnless(dScale.Accumulate, dScale.Storage, columns);
            Span<T> sum = Span(dScale.Storage, columns);
            for (int row = 0; row < rows; row++)
            {
                TensorPrimitives.MultiplyAdd(Row(dy, row, columns), Row(normalized, row, columns), sum, sum);
            }
        }
        if (dShift.Storage is not null)
        {
            SumRows(dy, rows, columns, dShift.Storage, dShift.Accumulate);
        }
    }

    /// <inheritdoc/>
    public void Unfold(Storage x, in TimeWindows windows, SequenceMask? mask, Storage columns)
    {
        fixed (bool* real = Pattern(mask))
        {
            var job = new WindowJob { X = Pointer(x), Columns = Pointer(columns), Real = real, Windows = windows };
            Share(ref job, &RunUnfold);
        }
    }

    /// <inheritdoc/>
    public void Fold(Storage columns, in TimeWindows windows, SequenceMask? mask, Storage dx, bool accumulate)
    {
        ClearUnless(accumulate, dx, (long)windows.Batch * windows.Steps * windows.Features);
        fixed (bool* real = Pattern(mask))
        {
            var job = new WindowJob { X = Pointer(dx), Columns = Pointer(columns), Real = real, Windows = windows };
            Share(ref job, &RunFold);
        }
    }

    private static void RunNormalize(void* state, int shard)
    {
        var job = (RowJob*)state;
        (int first, int last) = Part(job->Rows, shard, job->Shards);
        for (int row = first; row < last; row++)
        {
            nint at = (nint)row * job->Columns;
            T inverse = Normalization<T, L>.Forward(job->X + at, job->Columns, job->Epsilon, job->Normalized + at);
            if (job->Inverse is not null)
            {
                job->Inverse[row] = inverse;
            }
        }
    }

    private static void RunNormalizeBackward(void* state, int shard)
    {
        var job = (RowJob*)state;
        (int first, int last) = Part(job->Rows, shard, job->Shards);
        T* gradient = job->Scratch + (nint)shard * job->Columns;
        for (int row = first; row < last; row++)
        {
            nint at = (nint)row * job->Columns;
            TensorPrimitives.Multiply(
                new ReadOnlySpan<T>(job->X + at, job->Columns), new ReadOnlySpan<T>(job->Scale, job->Columns), new Span<T>(gradient, job->Columns));
            Normalization<T, L>.Backward(job->Normalized + at, job->Inverse[row], gradient, job->Columns, job->DX + at, job->Accumulate);
        }
    }

    private static void RunUnfold(void* state, int shard)
    {
        var job = (WindowJob*)state;
        (int first, int last) = Part(job->Windows.Batch, shard, job->Shards);
        for (int row = first; row < last; row++)
        {
            Windows<T>.Unfold(job->XOf(row), job->RealOf(row), job->Windows, job->ColumnsOf(row));
        }
    }

    private static void RunFold(void* state, int shard)
    {
        var job = (WindowJob*)state;
        (int first, int last) = Part(job->Windows.Batch, shard, job->Shards);
        for (int row = first; row < last; row++)
        {
            Windows<T>.Fold(job->ColumnsOf(row), job->RealOf(row), job->Windows, job->XOf(row));
        }
    }

    private void Share(ref RowJob job, delegate*<void*, int, void> body)
    {
        job.Shards = ShardsFor(job.Rows, (long)job.Rows * job.Columns);
        fixed (RowJob* state = &job)
        {
            _workers.Run(job.Shards, body, state);
        }
    }

    private void Share(ref WindowJob job, delegate*<void*, int, void> body)
    {
        job.Shards = ShardsFor(job.Windows.Batch, (long)job.Windows.Batch * job.Windows.OutputSteps * job.Windows.Size * job.Windows.Features);
        fixed (WindowJob* state = &job)
        {
            _workers.Run(job.Shards, body, state);
        }
    }

    /// <summary>In how many parts so many items are shared out: one where the work, in elements, is not worth waking a thread.</summary>
    internal int ShardsFor(int items, long work) => Math.Min(work < 20_000 ? 1 : _workers.Count, items);

    private static Span<T> Row(Storage matrix, int row, int width) => new(Pointer(matrix) + (nint)row * width, width);

    private struct RowJob
    {
        public T* X, Normalized, Inverse, Scale, Scratch, DX;
        public double Epsilon;
        public int Rows, Columns, Shards;
        public bool Accumulate;
    }

    private struct WindowJob
    {
        public T* X, Columns;
        public bool* Real;
        public TimeWindows Windows;
        public int Shards;

        public readonly T* XOf(int row) => X + (nint)row * Windows.Steps * Windows.Features;

        public readonly T* ColumnsOf(int row) => Columns + (nint)row * Windows.OutputSteps * Windows.Size * Windows.Features;

        public readonly bool* RealOf(int row) => Real is null ? null : Real + (nint)row * Windows.Steps;
    }
}
