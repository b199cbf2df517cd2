using Engram.Kernels;

namespace Engram.Backends;

/// <content>Chains of tags. Sequences are shared among the workers; of the gradient of transitions, its rows.</content>
internal sealed unsafe partial class CpuBackend<T, L>
{
    /// <summary>Sequences are cut into so many chunks at most, by their number alone, and the chunks' sums added in their order.</summary>
    private const int MostChains = 128;

    /// <inheritdoc/>
    public void ChainPotentials(Storage emissions, in ChainScores<Storage> scores, Shape shape, SequenceMask? mask, Storage potentials)
    {
        fixed (bool* real = Pattern(mask))
        {
            var job = new ChainJob(shape)
            {
                Emissions = Pointer(emissions), Scores = new ChainPointers(scores.Transitions, scores.Start, scores.End), Real = real, Potentials = Pointer(potentials),
            };
            job.Shards = ShardsFor(job.Batch, shape.Count);
            _workers.Run(job.Shards, &RunChainPotentials, &job);
        }
    }

    /// <inheritdoc/>
    public void ChainPotentialsBackward(Storage dPotentials, Shape shape, SequenceMask? mask, GradientTarget dEmissions, in ChainScores<GradientTarget> dScores)
    {
        ClearForSum(dEmissions, shape[0] * (long)shape[1] * shape[2]);
        ClearForSum(dScores.Transitions, (long)shape[2] * shape[2]);
        ClearForSum(dScores.Start, shape[2]);
        ClearForSum(dScores.End, shape[2]);
        fixed (bool* real = Pattern(mask))
        {
            var job = new ChainJob(shape)
            {
                Potentials = Pointer(dPotentials), Real = real, Emissions = Pointer(dEmissions.Storage),
                Scores = new ChainPointers(dScores.Transitions.Storage, dScores.Start.Storage, dScores.End.Storage),
            };
            if (job.Emissions is not null)
            {
                job.Shards = ShardsFor(job.Batch, shape.Count);
                _workers.Run(job.Shards, &RunEmissionsBackward, &job);
            }
            if (job.Scores.Transitions is not null)
            {
                job.Shards = ShardsFor(job.Tags, shape.Count);
                _workers.Run(job.Shards, &RunTransitionsBackward, &job);
            }
            for (int row = 0; row < job.Batch; row++)
            {
                ChainPotentials<T>.EndsBackward(job.Potentials + row * job.Sequence, job.RealOf(row), job.Steps, job.Tags, job.Scores.Start, job.Scores.End);
            }
        }
    }

    /// <inheritdoc/>
    public double ChainLoss(Storage potentials, Storage? paths, Shape shape, SequenceMask? mask, double scale, Storage? gradient)
    {
        double* sums = stackalloc double[MostChains];
        fixed (bool* real = Pattern(mask))
        {
            var job = new ChainJob(shape)
            {
                Potentials = Pointer(potentials), Paths = Pointer(paths), Real = real, Gradient = Pointer(gradient), Scale = T.CreateTruncating(scale), Sums = sums,
            };
            job.Chunks = Math.Min(job.Batch, MostChains);
            job.Shards = ShardsFor(job.Chunks, shape.Count);
            job.RoomSize = LinearChain<T, L>.Room(job.Tags);
            Storage room = Rent(job.Shards * job.RoomSize);
            Clear(room, job.Shards * job.RoomSize);
            job.Room = Pointer(room);
            _workers.Run(job.Shards, &RunChainLoss, &job);
            Return(room);
            double sum = 0;
            for (int chunk = 0; chunk < job.Chunks; chunk++)
            {
                sum += sums[chunk];
            }
            return sum;
        }
    }

    private static void RunChainPotentials(void* state, int shard)
    {
        var job = (ChainJob*)state;
        (int first, int last) = Part(job->Batch, shard, job->Shards);
        for (int row = first; row < last; row++)
        {
            ChainPotentials<T>.Forward(
                job->Emissions + row * job->Steps * (nint)job->Tags, job->Scores.Transitions, job->Scores.Start, job->Scores.End, job->RealOf(row), job->Steps, job->Tags,
                job->Potentials + row * job->Sequence);
        }
    }

    private static void RunEmissionsBackward(void* state, int shard)
    {
        var job = (ChainJob*)state;
        (int first, int last) = Part(job->Batch, shard, job->Shards);
        for (int row = first; row < last; row++)
        {
            ChainPotentials<T>.EmissionsBackward(
                job->Potentials + row * job->Sequence, job->RealOf(row), job->Steps, job->Tags, job->Emissions + row * job->Steps * (nint)job->Tags);
        }
    }

    private static void RunTransitionsBackward(void* state, int shard)
    {
        var job = (ChainJob*)state;
        (int first, int last) = Part(job->Tags, shard, job->Shards);
        for (int tag = first; tag < last; tag++)
        {
            for (int row = 0; row < job->Batch; row++)
            {
                ChainPotentials<T>.TransitionsBackward(job->Potentials + row * job->Sequence, job->RealOf(row), job->Steps, job->Tags, tag, job->Scores.Transitions);
            }
        }
    }

    private static void RunChainLoss(void* state, int shard)
    {
        var job = (ChainJob*)state;
        T* room = job->Room + shard * (nint)job->RoomSize;
        (int from, int to) = Part(job->Chunks, shard, job->Shards);
        for (int chunk = from; chunk < to; chunk++)
        {
            (int first, int last) = Part(job->Batch, chunk, job->Chunks);
            job->Sums[chunk] = 0;
            for (int row = first; row < last; row++)
            {
                job->Sums[chunk] += LinearChain<T, L>.Run(
                    job->Potentials + row * job->Sequence, job->Paths is null ? null : job->Paths + (nint)row * job->Steps, job->RealOf(row), job->Steps, job->Tags,
                    job->Scale, job->Gradient is null ? null : job->Gradient + row * job->Sequence, room);
            }
        }
    }

    private void ClearForSum(GradientTarget target, long count) => ClearUnless(target.Accumulate || target.Storage is null, target.Storage, count);

    private readonly struct ChainPointers(Storage? transitions, Storage? start, Storage? end)
    {
        public readonly T* Transitions = Pointer(transitions), Start = Pointer(start), End = Pointer(end);
    }

    /// <summary>A job over chains of tags.</summary>
    private struct ChainJob(Shape shape)
    {
        public T* Emissions, Potentials, Paths, Gradient, Room;
        public ChainPointers Scores;
        public bool* Real;
        public double* Sums;
        public T Scale;
        public long RoomSize;
        public int Shards, Chunks;

        public readonly int Batch = shape[0], Steps = shape[1], Tags = shape[2];

        /// <summary>Elements of a sequence's potentials.</summary>
        public readonly nint Sequence = (nint)shape[1] * shape[2] * shape[2];

        public readonly bool* RealOf(int row) => Real is null ? null : Real + (nint)row * Steps;
    }
}
