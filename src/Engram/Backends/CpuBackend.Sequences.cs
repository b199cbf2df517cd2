using System.Numerics.Tensors;
using Engram.Kernels;

namespace Engram.Backends;

/// <content>Operations along the time axis. The sequences of a batch are shared among the workers.</content>
internal sealed unsafe partial class CpuBackend<T, L>
{
    /// <inheritdoc/>
    public void CopyBlock(in Block source, in Block target, int rows, int width, bool accumulate)
    {
        for (int row = 0; row < rows; row++)
        {
            var from = new ReadOnlySpan<T>(Pointer(source.Memory) + (nint)row * source.Stride + source.Offset, width);
            var to = new Span<T>(Pointer(target.Memory) + (nint)row * target.Stride + target.Offset, width);
            if (accumulate)
            {
                TensorPrimitives.Add(to, from, to);
            }
            else
            {
                from.CopyTo(to);
            }
        }
    }

    /// <inheritdoc/>
    public void PoolTime(PoolingKind kind, Storage x, Shape shape, SequenceMask? mask, Storage y)
    {
        fixed (bool* real = Pattern(mask))
        {
            var job = new TimeJob(shape) { X = Pointer(x), Y = Pointer(y), Real = real, Kind = kind };
            Share(ref job, &RunPool);
        }
    }

    /// <inheritdoc/>
    public void PoolTimeBackward(PoolingKind kind, Storage x, Storage y, Storage dy, Shape shape, SequenceMask? mask, Storage dx, bool accumulate)
    {
        ClearUnless(accumulate, dx, shape.Count);
        fixed (bool* real = Pattern(mask))
        {
            var job = new TimeJob(shape) { X = Pointer(x), Y = Pointer(y), DY = Pointer(dy), DX = Pointer(dx), Real = real, Kind = kind };
            Share(ref job, &RunPoolBackward);
        }
    }

    /// <inheritdoc/>
    public void Attend(Storage scores, Storage x, Shape shape, SequenceMask? mask, Storage weights, Storage y)
    {
        fixed (bool* real = Pattern(mask))
        {
            var job = new TimeJob(shape) { Scores = Pointer(scores), X = Pointer(x), Real = real, Weights = Pointer(weights), Y = Pointer(y) };
            Share(ref job, &RunAttend);
        }
    }

    /// <inheritdoc/>
    public void AttendBackward(Storage weights, Storage x, Storage y, Storage dy, Shape shape, GradientTarget dScores, GradientTarget dx)
    {
        ClearUnless(dScores.Accumulate || dScores.Storage is null, dScores.Storage, (long)shape[0] * shape[1]);
        ClearUnless(dx.Accumulate || dx.Storage is null, dx.Storage, shape.Count);
        var job = new TimeJob(shape)
        {
            Weights = Pointer(weights), X = Pointer(x), Y = Pointer(y), DY = Pointer(dy), Scores = Pointer(dScores.Storage), DX = Pointer(dx.Storage),
        };
        Share(ref job, &RunAttendBackward);
    }

    private static void RunPool(void* state, int shard)
    {
        var job = (TimeJob*)state;
        (int first, int last) = Part(job->Batch, shard, job->Shards);
        for (int row = first; row < last; row++)
        {
            T* x = job->X + row * job->Sequence, y = job->Y + (nint)row * job->Features;
            bool* real = job->RealOf(row);
            switch (job->Kind)
            {
                case PoolingKind.Mean: TimePooling<T>.Mean(x, real, job->Steps, job->Features, y); break;
                default: TimePooling<T>.Max(x, real, job->Steps, job->Features, y); break;
            }
        }
    }

    private static void RunPoolBackward(void* state, int shard)
    {
        var job = (TimeJob*)state;
        (int first, int last) = Part(job->Batch, shard, job->Shards);
        for (int row = first; row < last; row++)
        {
            T* x = job->X + row * job->Sequence, dx = job->DX + row * job->Sequence;
            T* y = job->Y + (nint)row * job->Features, dy = job->DY + (nint)row * job->Features;
            bool* real = job->RealOf(row);
            switch (job->Kind)
            {
                case PoolingKind.Mean: TimePooling<T>.MeanBackward(real, dy, job->Steps, job->Features, dx); break;
                default: TimePooling<T>.MaxBackward(x, real, y, dy, job->Steps, job->Features, dx); break;
            }
        }
    }

    private static void RunAttend(void* state, int shard)
    {
        var job = (TimeJob*)state;
        (int first, int last) = Part(job->Batch, shard, job->Shards);
        for (int row = first; row < last; row++)
        {
            Attention<T, L>.Forward(
                job->Scores + (nint)row * job->Steps, job->X + row * job->Sequence, job->RealOf(row), job->Steps, job->Features,
                job->Weights + (nint)row * job->Steps, job->Y + (nint)row * job->Features);
        }
    }

    private static void RunAttendBackward(void* state, int shard)
    {
        var job = (TimeJob*)state;
        (int first, int last) = Part(job->Batch, shard, job->Shards);
        for (int row = first; row < last; row++)
        {
            T* weights = job->Weights + (nint)row * job->Steps, dy = job->DY + (nint)row * job->Features;
            if (job->Scores is not null)
            {
                Attention<T, L>.ScoresBackward(
                    weights, job->X + row * job->Sequence, job->Y + (nint)row * job->Features, dy, job->Steps, job->Features, job->Scores + (nint)row * job->Steps);
            }
            if (job->DX is not null)
            {
                Attention<T, L>.ValuesBackward(weights, dy, job->Steps, job->Features, job->DX + row * job->Sequence);
            }
        }
    }

    private void Share(ref TimeJob job, delegate*<void*, int, void> body)
    {
        job.Shards = ShardsFor(job.Batch, job.Batch * (long)job.Sequence);
        fixed (TimeJob* state = &job)
        {
            _workers.Run(job.Shards, body, state);
        }
    }

    private static ReadOnlySpan<bool> Pattern(SequenceMask? mask) => mask is null ? [] : mask.Pattern;

    private void ClearUnless(bool kept, Storage? target, long count)
    {
        if (!kept)
        {
            Clear(target!, count);
        }
    }

    /// <summary>A job over the sequences of a batch.</summary>
    private struct TimeJob(Shape shape)
    {
        public T* X, Y, DY, DX, Scores, Weights;
        public bool* Real;
        public PoolingKind Kind;
        public int Shards;

        public readonly int Batch = shape[0], Steps = shape[1], Features = shape[2];

        /// <summary>Elements of a sequence.</summary>
        public readonly nint Sequence = (nint)shape[1] * shape[2];

        public readonly bool* RealOf(int row) => Real is null ? null : Real + (nint)row * Steps;
    }
}
