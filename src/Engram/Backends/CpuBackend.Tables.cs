using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Engram.Kernels;

namespace Engram.Backends;

/// <content>
/// Rows of tables. Where they are many, the rows of a result are shared among the workers; where rows are added up, the table is, so that every sum keeps its order.
/// </content>
internal sealed unsafe partial class CpuBackend<T, L>
{
    /// <summary>Elements below which one thread is as fast.</summary>
    private const long WorthSharing = 1 << 16;

    /// <summary>Rows ahead of the one in hand that are brought already: they lie anywhere in the table.</summary>
    private const int RowsAhead = 8;

    /// <summary>Lines that a thread looks through before it adds up those that are its own.</summary>
    private const int LinesAtOnce = 256;

    /// <summary>Columns of a row that belong to one thread together: a row that many lines name is shared too, if it is wide.</summary>
    private const int ColumnsAtOnce = 64;

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
            job.Shards = RowShards(rows.Length, job);
            _workers.Run(job.Shards, &RunScatter, &job);
        }
    }

    /// <inheritdoc/>
    public void ClearRows(Storage table, int width, ReadOnlySpan<int> rows)
    {
        fixed (int* wanted = rows)
        {
            var job = new RowsJob { Table = Pointer(table), Rows = wanted, Count = rows.Length, Width = width };
            job.Shards = RowShards(rows.Length, job);
            _workers.Run(job.Shards, &RunClear, &job);
        }
    }

    private int RowShards(int items, in RowsJob job) => (long)job.Count * job.Width < WorthSharing ? 1 : Math.Min(_workers.Count, items);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunClear(void* state, int shard)
    {
        var job = (RowsJob*)state;
        (int first, int last) = Part(job->Count, shard, job->Shards);
        for (int i = first; i < last; i++)
        {
            FetchAhead(job, i, last);
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
            FetchAhead(job, i, last);
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
        int* own = stackalloc int[LinesAtOnce];
        for (int first = 0; first < job->Count; first += LinesAtOnce)
        {
            int last = Math.Min(job->Count, first + LinesAtOnce);
            for (int column = 0; column < job->Width; column += ColumnsAtOnce)
            {
                // First which lines are this thread's, without a branch, since no processor could guess it.
                int columns = Math.Min(ColumnsAtOnce, job->Width - column), count = 0;
                for (int line = first; line < last; line++)
                {
                    own[count] = line;
                    count += job->OwnerOf(job->Rows[line], column) == shard ? 1 : 0;
                }
                for (int i = 0; i < count; i++)
                {
                    if (i + RowsAhead < count)
                    {
                        Caches.Fetch(job->Table + (nint)job->Rows[own[i + RowsAhead]] * job->Width + column, columns);
                    }
                    var sum = new Span<T>(job->Table + (nint)job->Rows[own[i]] * job->Width + column, columns);
                    TensorPrimitives.Add(sum, new ReadOnlySpan<T>(job->Lines + (nint)own[i] * job->Width + column, columns), sum);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FetchAhead(RowsJob* job, int now, int count)
    {
        if (now + RowsAhead < count && job->Rows[now + RowsAhead] >= 0)
        {
            Caches.Fetch(job->Table + (nint)job->Rows[now + RowsAhead] * job->Width, job->Width);
        }
    }

    /// <summary>Rows of a table, below zero where there is none, and as many lines.</summary>
    private struct RowsJob
    {
        public T* Table, Lines;
        public int* Rows;
        public int Count, Width, Shards;

        /// <summary>
        /// The shard that some columns of a row of the table belong to, −1 below zero. What lies within two lines of the cache goes together, so that threads hardly write into the same; which go where is mixed,
        /// since texts name the first rows of a table far more often than the others.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly int OwnerOf(int row, int column)
        {
            uint mixed = (uint)(((long)row * Width + column) * sizeof(T) >> 7) * 2654435769; // 2³² times the golden ratio
            return row < 0 ? -1 : (int)((ulong)mixed * (uint)Shards >> 32);
        }
    }
}
