using System.Numerics;
using Engram.Backends;

namespace Engram.Kernels.Losses;

/// <summary>Where a loss reads and writes. Rows lie one after the other; a mask, one value for so many rows, is null where every row is real.</summary>
internal unsafe struct LossRows<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T* Predicted, Target, Gradient;
    public bool* Mask;
    public int Rows, Columns, TargetColumns, RowsPerStep;

    public readonly int RealRows => Mask is null ? Rows : RowsPerStep * new ReadOnlySpan<bool>(Mask, Rows / RowsPerStep).Count(true);

    public readonly bool IsReal(int row) => Mask is null || Mask[row / RowsPerStep];
}

/// <summary>
/// The mean of a loss over all rows that are real, and its gradient: zero on the others. Rows are cut into chunks by their number
/// alone and the sums of chunks are added in their order, so that threads change no bit. Where no row is real the mean is 0.
/// </summary>
internal static unsafe class LossWalk<T, TLoss>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TLoss : unmanaged, IRowLoss<T>
{
    private const int MostChunks = 128;

    /// <summary>Elements below which threads cost more than they give.</summary>
    private const int WorthSharing = 8192;

    public static double Run(Workers workers, TLoss loss, in LossRows<T> rows)
    {
        int real = rows.RealRows;
        double terms = (double)real * loss.Terms;
        double* sums = stackalloc double[MostChunks];
        var job = new Job
        {
            Loss = loss, Rows = rows, Sums = sums, Chunks = Math.Min(rows.Rows, MostChunks),
            Scale = real == 0 ? T.Zero : T.One / T.CreateTruncating(terms),
        };
        job.Shards = (long)rows.Rows * rows.Columns < WorthSharing ? 1 : Math.Min(workers.Count, job.Chunks);
        workers.Run(job.Shards, &RunShard, &job);
        double sum = 0;
        for (int chunk = 0; chunk < job.Chunks; chunk++)
        {
            sum += sums[chunk];
        }
        return real == 0 ? 0 : sum / terms;
    }

    private static void RunShard(void* state, int shard)
    {
        var job = (Job*)state;
        (int from, int to) = Part(job->Chunks, shard, job->Shards);
        for (int chunk = from; chunk < to; chunk++)
        {
            (int first, int last) = Part(job->Rows.Rows, chunk, job->Chunks);
            job->Sums[chunk] = RunRows(job, first, last);
        }
    }

    private static double RunRows(Job* job, int first, int last)
    {
        LossRows<T> rows = job->Rows;
        double sum = 0;
        for (int row = first; row < last; row++)
        {
            T* gradient = rows.Gradient is null ? null : rows.Gradient + (nint)row * rows.Columns;
            if (rows.IsReal(row))
            {
                sum += job->Loss.Row(
                    rows.Predicted + (nint)row * rows.Columns, rows.Target + (nint)row * rows.TargetColumns, gradient, job->Scale);
            }
            else if (gradient is not null)
            {
                new Span<T>(gradient, rows.Columns).Clear();
            }
        }
        return sum;
    }

    private static (int From, int To) Part(int count, int shard, int shards) =>
        ((int)((long)count * shard / shards), (int)((long)count * (shard + 1) / shards));

    private struct Job
    {
        public TLoss Loss;
        public LossRows<T> Rows;
        public double* Sums;
        public T Scale;
        public int Chunks, Shards;
    }
}
