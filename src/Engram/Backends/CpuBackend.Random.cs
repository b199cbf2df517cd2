using Engram.Kernels;

namespace Engram.Backends;

/// <content>Random masks. Every number depends on its place in the stream alone, so that any thread may draw it.</content>
internal sealed unsafe partial class CpuBackend<T, L>
{
    /// <inheritdoc/>
    public void RandomMask(RandomStream random, ReadOnlySpan<int> sampleIndices, long rowLength, double rate, double drawn, double other, Storage mask)
    {
        fixed (int* samples = sampleIndices)
        {
            long count = sampleIndices.Length * rowLength;
            var job = new MaskJob
            {
                Random = random, Samples = samples, RowLength = rowLength, Count = count, Rate = rate, Mask = Pointer(mask),
                Drawn = T.CreateTruncating(drawn), Other = T.CreateTruncating(other),
                Shards = count < 4096 ? 1 : _workers.Count,
            };
            _workers.Run(job.Shards, &RunMask, &job);
        }
    }

    private static void RunMask(void* state, int shard)
    {
        var job = (MaskJob*)state;
        long from = job->Count * shard / job->Shards, to = job->Count * (shard + 1) / job->Shards;
        RandomMask<T>.Fill(job->Random, job->Samples, job->RowLength, job->Rate, job->Drawn, job->Other, job->Mask, from, to);
    }

    private struct MaskJob
    {
        public RandomStream Random;
        public int* Samples;
        public T* Mask;
        public T Drawn, Other;
        public long RowLength, Count;
        public double Rate;
        public int Shards;
    }
}
