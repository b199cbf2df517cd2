using System.Numerics;
using System.Runtime.CompilerServices;
using Engram.Kernels;

namespace Engram.Backends;

/// <content>
/// Inputs of which many are the same, as embedded texts are: with x_d the different ones,
/// <code>
///   b + W x_d once for each      δ_d = Σ δ over the steps that take x_d      δW = Σ x_d ⊗ δ_d      δx_d = Wᵀ δ_d
/// </code>
/// </content>
internal sealed unsafe partial class CpuRecurrence<T, L, TCell>
{
    /// <summary>Steps ahead of the one in hand whose δ is brought already: it lies anywhere.</summary>
    private const int DeltasAhead = 6;

    /// <summary>Rows to have memory for, so that batches of nearly as many different inputs find the same again.</summary>
    private static long RowsOfSums(in WalkData<T> data) => BitOperations.RoundUpToPowerOf2((uint)data.DistinctInputs);

    /// <summary>b + W x_d, rows shared among the workers.</summary>
    private void SumInputs(in WalkData<T> data)
    {
        fixed (WalkData<T>* pointer = &data)
        {
            long work = (long)data.DistinctInputs * data.Inputs * CellPacking<T, L, TCell>.GateRow(data.Units);
            var job = new DistinctJob { Data = pointer, Sums = data.InputSums };
            job.Items = (data.DistinctInputs + L.RowsInRegisters - 1) / L.RowsInRegisters;
            job.Shards = backend.ShardsFor(job.Items, work);
            backend.Workers.Run(job.Shards, &RunSumInputs, &job);
        }
    }

    private static void RunSumInputs(void* state, int shard)
    {
        var job = (DistinctJob*)state;
        (int first, int last) = CpuBackend<T, L>.Part(job->Items, shard, job->Shards);
        int row = first * L.RowsInRegisters, rows = Math.Min(last * L.RowsInRegisters, job->Data->DistinctInputs) - row;
        RecurrentWalk<T, L, TCell>.SumInputs(
            *job->Data, job->Data->X + (nint)row * job->Data->Inputs, rows, job->Sums + row * CellPacking<T, L, TCell>.GateRow(job->Data->Units),
            0, CellPacking<T, L, TCell>.Panels(job->Data->Units));
    }

    /// <summary>δ_d [distinct inputs, panels · width]: each thread adds up some columns, the steps of an input in the order in which they lie.</summary>
    private T* SumDeltas(in WalkData<T> data, WalkMemory<T, L> memory)
    {
        nint gateRow = CellPacking<T, L, TCell>.GateRow(data.Units);
        long steps = (long)data.Batch * data.Steps;
        int* starts = memory.RentNumbers(data.DistinctInputs + 1), places = memory.RentNumbers(steps);
        SortPlaces(data, starts, places);
        fixed (WalkData<T>* pointer = &data)
        {
            var job = new DistinctJob { Data = pointer, Sums = memory.Rent(RowsOfSums(data) * gateRow), Starts = starts, Places = places };
            job.Items = CellPacking<T, L, TCell>.Panels(data.Units) * TCell.Slots * TCell.UnitVectors;
            job.Shards = backend.ShardsFor(job.Items, steps * gateRow);
            backend.Workers.Run(job.Shards, &RunSumDeltas, &job);
            return job.Sums;
        }
    }

    /// <summary>The places [batch, steps] of all steps that are walked, input by input, and where those of each begin; behind the last one their end.</summary>
    private static void SortPlaces(in WalkData<T> data, int* starts, int* places)
    {
        new Span<int>(starts, data.DistinctInputs + 1).Clear();
        for (int row = 0; row < data.Batch; row++)
        {
            for (int place = row * data.Steps, end = place + data.LengthOf(row); place < end; place++)
            {
                starts[data.InputNumbers[place]]++;
            }
        }
        for (int number = 0, sum = 0; number <= data.DistinctInputs; number++)
        {
            sum += starts[number];
            starts[number] = sum;
        }
        // From the last to the first: every start moves from the end of its places to their beginning.
        for (int row = data.Batch - 1; row >= 0; row--)
        {
            for (int place = row * data.Steps + data.LengthOf(row) - 1; place >= row * data.Steps; place--)
            {
                places[--starts[data.InputNumbers[place]]] = place;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunSumDeltas(void* state, int shard)
    {
        var job = (DistinctJob*)state;
        nint gateRow = CellPacking<T, L, TCell>.GateRow(job->Data->Units);
        (int first, int last) = CpuBackend<T, L>.Part(job->Items, shard, job->Shards);
        int columns = (last - first) * L.Count, all = job->Starts[job->Data->DistinctInputs];
        T* gates = job->Data->Gates + first * L.Count, sums = job->Sums + first * L.Count;
        for (int number = 0; number < job->Data->DistinctInputs; number++)
        {
            int start = job->Starts[number], end = job->Starts[number + 1];
            T* sum = sums + number * gateRow;
            if (start == end)
            {
                new Span<T>(sum, columns).Clear();
                continue;
            }
            for (int place = start; place < end; place++)
            {
                T* delta = gates + job->Places[place] * gateRow;
                if (place + DeltasAhead < all)
                {
                    Caches.Fetch(gates + job->Places[place + DeltasAhead] * gateRow, columns);
                }
                for (int i = 0; i < columns; i += L.Count)
                {
                    L value = L.Load(delta + i);
                    L.Store(sum + i, place == start ? value : L.Load(sum + i) + value);
                }
            }
        }
    }

    /// <summary>δW = Σ x_d ⊗ δ_d.</summary>
    private void KernelGradient(in WalkData<T> data, T* deltas, GradientTarget target)
    {
        nint gateRow = CellPacking<T, L, TCell>.GateRow(data.Units);
        CpuStorage<T> sums = backend.Pool.Rent(data.Inputs * gateRow);
        var term = new Term<T> { A = data.X, RowStride = 1, StepStride = data.Inputs, B = deltas, BStride = gateRow, Steps = data.DistinctInputs, Repeats = 1 };
        backend.MultiplyTransposed(term, null, data.Inputs, Columns(data.Units, TCell.FirstInputSlot, TCell.InputSlots), sums.Pointer, gateRow);
        Unpack(sums.Pointer, 1, 0, TCell.InputBlocks, data.Inputs, data.Units, target);
        backend.Pool.Return(sums);
    }

    private struct DistinctJob
    {
        public WalkData<T>* Data;
        public T* Sums;
        public int* Starts, Places;
        public int Items, Shards;
    }
}
