using Engram.Kernels;

namespace Engram.Backends;

/// <content>
/// How a walk is shared among the workers. By rows: each walks its rows of the batch through all of time, and none waits for another before the end. Where there
/// are too few rows for that, by units: at each step, in each phase, each takes some panels for all rows, and all wait for the last. A wait costs about as
/// much as <see cref="WorthAWait"/> multiplications; what it buys is that the weights are shared out too, which few rows use up as fast as the caches bring them.
/// </content>
internal sealed unsafe partial class CpuRecurrence<T, L, TCell>
{
    /// <summary>Multiplications that are worth handing a job to a worker and waiting for it.</summary>
    private const long WorthAWait = 32 * 1024;

    private void Walk(ref WalkData<T> data)
    {
        fixed (WalkData<T>* pointer = &data)
        {
            var job = new WalkJob { Data = pointer };
            if (!SharesUnits(data))
            {
                Run(ref job, data.Batch, &RunForward);
                return;
            }
            int panels = CellPacking<T, L, TCell>.Panels(data.Units);
            for (job.Step = 0; job.Step < data.Steps; job.Step++)
            {
                job.Rows = data.LastActive(job.Step, data.Batch);
                for (job.Phase = 0; job.Phase < TCell.Phases; job.Phase++)
                {
                    Run(ref job, panels, &RunForwardPanels);
                    RecurrentWalk<T, L, TCell>.EndPhase(data, job.Step, job.Phase, 0, job.Rows);
                }
            }
        }
    }

    private void WalkBack(ref WalkData<T> data)
    {
        fixed (WalkData<T>* pointer = &data)
        {
            var job = new WalkJob { Data = pointer };
            if (!SharesUnits(data))
            {
                Run(ref job, data.Batch, &RunBackward);
                return;
            }
            int panels = CellPacking<T, L, TCell>.Panels(data.Units), vectors = RecurrentWalk<T, L, TCell>.GradientVectors(data);
            for (job.Step = data.Steps - 1; job.Step >= (data.WantsInitialGradient ? -1 : 0); job.Step--)
            {
                job.Rows = job.Step < 0 ? data.Batch : data.LastActive(job.Step, data.Batch);
                RecurrentWalk<T, L, TCell>.BeginHiddenGradient(data, job.Step, 0, job.Rows);
                Run(ref job, vectors, &RunRecurrentProduct);
                if (job.Step < 0)
                {
                    return;
                }
                RecurrentWalk<T, L, TCell>.BeginStepBack(data, job.Step, 0, job.Rows);
                for (job.Phase = TCell.Phases - 1; job.Phase >= 0; job.Phase--)
                {
                    if (job.Phase == TCell.SecondProductPhase - 1)
                    {
                        Run(ref job, vectors, &RunSecondProductBack);
                    }
                    Run(ref job, panels, &RunBackwardPanels);
                    RecurrentWalk<T, L, TCell>.EndPhaseBack(data, job.Step, job.Phase, 0, job.Rows);
                }
            }
        }
    }

    private bool SharesUnits(in WalkData<T> data)
    {
        int workers = backend.Workers.Count, panels = CellPacking<T, L, TCell>.Panels(data.Units);
        long work = (long)data.Batch * (data.Inputs + data.Outputs) * panels * CellPacking<T, L, TCell>.PanelWidth;
        return workers > 1 && panels > 1 && data.Batch < workers * L.RowsInRegisters && work >= WorthAWait * Math.Min(workers, panels) * TCell.Phases;
    }

    private void Run(ref WalkJob job, int items, delegate*<void*, int, void> body)
    {
        job.Items = items;
        job.Shards = Math.Min(backend.Workers.Count, items);
        fixed (WalkJob* state = &job)
        {
            backend.Workers.Run(job.Shards, body, state);
        }
    }

    private static void RunForward(void* state, int shard)
    {
        var job = (WalkJob*)state;
        (int first, int last) = job->RowsOf(shard);
        RecurrentWalk<T, L, TCell>.Forward(*job->Data, first, last);
    }

    private static void RunForwardPanels(void* state, int shard)
    {
        var job = (WalkJob*)state;
        (int first, int last) = CpuBackend<T, L>.Part(job->Items, shard, job->Shards);
        RecurrentWalk<T, L, TCell>.ForwardPanels(*job->Data, job->Step, job->Phase, 0, job->Rows, first, last);
    }

    private static void RunBackward(void* state, int shard)
    {
        var job = (WalkJob*)state;
        (int first, int last) = job->RowsOf(shard);
        RecurrentWalk<T, L, TCell>.Backward(*job->Data, first, last);
    }

    private static void RunBackwardPanels(void* state, int shard)
    {
        var job = (WalkJob*)state;
        (int first, int last) = CpuBackend<T, L>.Part(job->Items, shard, job->Shards);
        RecurrentWalk<T, L, TCell>.BackwardPanels(*job->Data, job->Step, job->Phase, 0, job->Rows, first, last);
    }

    private static void RunRecurrentProduct(void* state, int shard)
    {
        var job = (WalkJob*)state;
        (int first, int last) = CpuBackend<T, L>.Part(job->Items, shard, job->Shards);
        RecurrentWalk<T, L, TCell>.AddRecurrentProduct(*job->Data, job->Step + 1, 0, job->Data->Batch, first, last);
    }

    private static void RunSecondProductBack(void* state, int shard)
    {
        var job = (WalkJob*)state;
        (int first, int last) = CpuBackend<T, L>.Part(job->Items, shard, job->Shards);
        RecurrentWalk<T, L, TCell>.SecondProductBack(*job->Data, job->Step, 0, job->Rows, first, last);
    }

    /// <summary>A walk, or a part of a step of one over all the rows that walk then.</summary>
    private struct WalkJob
    {
        public WalkData<T>* Data;
        public int Shards, Items, Rows, Step, Phase;

        /// <summary>The rows of a shard, such that every shard has about as many steps to walk.</summary>
        public readonly (int First, int Last) RowsOf(int shard)
        {
            if (Data->Lengths is null)
            {
                return CpuBackend<T, L>.Part(Data->Batch, shard, Shards);
            }
            long total = 0;
            for (int row = 0; row < Data->Batch; row++)
            {
                total += Data->Lengths[row] + 1;
            }
            return (Boundary(total * shard / Shards), Boundary(total * (shard + 1) / Shards));
        }

        private readonly int Boundary(long steps)
        {
            int row = 0;
            for (long sum = 0; row < Data->Batch && sum < steps; row++)
            {
                sum += Data->Lengths[row] + 1;
            }
            return row;
        }
    }
}
