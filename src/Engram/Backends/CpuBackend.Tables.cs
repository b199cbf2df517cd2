using System.Numerics.Tensors;

namespace Engram.Backends;

/// <content>
/// Rows of tables. Where they are more than the caches hold, the rows of a result are shared among the workers; where several rows are added to one, the columns are, so that every sum keeps its order.
/// </content>
internal sealed unsafe partial class CpuBackend<T, L>
{
    /// <summary>Elements below which one thread is as fast: they come from its cache, and from another's if that one writes them.</summary>
    private const long WorthSharingRows = 1 << 18;

    /// <inheritdoc/>
    public void GatherRows(Storage table, int width, ReadOnlySpan<int> rows, Storage y)
    {
        fixed (int* wanted = rows)
        {
            var job = new RowsJob { Table = Pointer(table), Lines = Pointer(y), Rows = wanted, Count = rows.Length, Width = width };
            job.Shards = RowShards(rows.Length, job);
            _workers.Run(job.Shards, &RunGather, &job);
        }
    }

    /// <inheritdoc/>
    public void ScatterRows(Storage dy, int width, ReadOnlySpan<int> rows, Storage table)
    {
        fixed (int* wanted = rows)
        {
            var job = new RowsJob { Table = Pointer(table), Lines = Pointer(dy), Rows = wanted, Count = rows.Length, Width = width };
            job.Shards = RowShards((width + RowsJob.Columns - 1) / RowsJob.Columns, job);
            _workers.Run(job.Shards, &RunScatter, &job);
        }
    }

    /// <inheritdoc/>
    public void ClearRows(Storage table, int width, ReadOnlySpan<int> rows)
    {
        foreach (int row in rows)
        {
            Row(table, row, width).Clear();
        }
    }

    private int RowShards(int items, in RowsJob job) => (long)job.Count * job.Width < WorthSharingRows ? 1 : Math.Min(_workers.Count, items);

    private static void RunGather(void* state, int shard)
    {
        var job = (RowsJob*)state;
        (int first, int last) = Part(job->Count, shard, job->Shards);
        for (int i = first; i < last; i++)
        {
            var line = new Span<T>(job->Lines + (nint)i * job->Width, job->Width);
            if (job->Rows[i] < 0)
            {
                line.Clear();
            }
            else
            {
                new Span<T>(job->Table + (nint)job->Rows[i] * job->Width, job->Width).CopyTo(line);
            }
        }
    }

    private static void RunScatter(void* state, int shard)
    {
        var job = (RowsJob*)state;
        (int first, int last) = Part((job->Width + RowsJob.Columns - 1) / RowsJob.Columns, shard, job->Shards);
        int column = first * RowsJob.Columns, columns = Math.Min(last * RowsJob.Columns, job->Width) - column;
        for (int i = 0; i < job->Count; i++)
        {
            if (job->Rows[i] >= 0)
            {
                var sum = new Span<T>(job->Table + (nint)job->Rows[i] * job->Width + column, columns);
                TensorPrimitives.Add(sum, new ReadOnlySpan<T>(job->Lines + (nint)i * job->Width + column, columns), sum);
            }
        }
    }

    /// <summary>Rows of a table, below zero where there is none, and as many lines.</summary>
    private struct RowsJob
    {
        /// <summary>Columns that go to one thread together: a line of the cache where the elements are floats and rows whole lines, so that no two threads write into one.</summary>
        public const int Columns = 16;

        public T* Table, Lines;
        public int* Rows;
        public int Count, Width, Shards;
    }
}
