using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Engram.Kernels;

namespace Engram.Backends;

/// <content>
/// Rows of tables. Where they are many, the rows of a result are shared among the workers; where several rows are added to one, the columns are, so that every sum keeps its order.
/// </content>
internal sealed unsafe partial class CpuBackend<T, L>
{
    /// <summary>Elements below which one thread is as fast.</summary>
    private const long WorthSharing = 1 << 16;

    /// <summary>The same where rows are added up: they come from its cache, and from another's if that one writes them.</summary>
    private const long WorthSharingSums = 1 << 18;

    /// <summary>Rows ahead of the one in hand that are brought already: they lie anywhere in the table.</summary>
    private const int RowsAhead = 8;

    /// <inheritdoc/>
    public void GatherRows(Storage table, int width, ReadOnlySpan<int> rows, Storage y)
    {
        fixed (int* wanted = rows)
        {
            var job = new RowsJob { Table = Pointer(table), Lines = Pointer(y), Rows = wanted, Count = rows.Length, Width = width };
            job.Shards = RowShards(rows.Length, job, WorthSharing);
            _workers.Run(job.Shards, &RunGather, &job);
        }
    }

    /// <inheritdoc/>
    public void ScatterRows(Storage dy, int width, ReadOnlySpan<int> rows, Storage table)
    {
        fixed (int* wanted = rows)
        {
            var job = new RowsJob { Table = Pointer(table), Lines = Pointer(dy), Rows = wanted, Count = rows.Length, Width = width };
            job.Shards = RowShards((width + RowsJob.Columns - 1) / RowsJob.Columns, job, WorthSharingSums);
            _workers.Run(job.Shards, &RunScatter, &job);
        }
    }

    /// <inheritdoc/>
    public void ClearRows(Storage table, int width, ReadOnlySpan<int> rows)
    {
        fixed (int* wanted = rows)
        {
            var job = new RowsJob { Table = Pointer(table), Rows = wanted, Count = rows.Length, Width = width };
            job.Shards = RowShards(rows.Length, job, WorthSharing);
            _workers.Run(job.Shards, &RunClear, &job);
        }
    }

    private int RowShards(int items, in RowsJob job, long worthSharing) => (long)job.Count * job.Width < worthSharing ? 1 : Math.Min(_workers.Count, items);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunClear(void* state, int shard)
    {
        var job = (RowsJob*)state;
        (int first, int last) = Part(job->Count, shard, job->Shards);
        for (int i = first; i < last; i++)
        {
            FetchAhead(job->Table, job->Width, job->Width, job->Rows, i, last);
            new Span<T>(job->Table + (nint)job->Rows[i] * job->Width, job->Width).Clear();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunGather(void* state, int shard)
    {
        var job = (RowsJob*)state;
        (int first, int last) = Part(job->Count, shard, job->Shards);
        for (int i = first; i < last; i++)
        {
            FetchAhead(job->Table, job->Width, job->Width, job->Rows, i, last);
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunScatter(void* state, int shard)
    {
        var job = (RowsJob*)state;
        (int first, int last) = Part((job->Width + RowsJob.Columns - 1) / RowsJob.Columns, shard, job->Shards);
        int column = first * RowsJob.Columns, columns = Math.Min(last * RowsJob.Columns, job->Width) - column;
        for (int i = 0; i < job->Count; i++)
        {
            FetchAhead(job->Table + column, job->Width, columns, job->Rows, i, job->Count);
            if (job->Rows[i] >= 0)
            {
                var sum = new Span<T>(job->Table + (nint)job->Rows[i] * job->Width + column, columns);
                TensorPrimitives.Add(sum, new ReadOnlySpan<T>(job->Lines + (nint)i * job->Width + column, columns), sum);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FetchAhead(T* table, nint stride, int length, int* rows, int now, int count)
    {
        if (now + RowsAhead < count && rows[now + RowsAhead] >= 0)
        {
            Caches.Fetch(table + rows[now + RowsAhead] * stride, length);
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
