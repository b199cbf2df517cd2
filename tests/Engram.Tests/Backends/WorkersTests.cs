using Engram.Backends;

namespace Engram.Tests.Backends;

public sealed class WorkersTests
{
    [Fact]
    public unsafe void Every_shard_runs_once_however_often_and_however_many()
    {
        using var workers = new Workers(4);
        int[] counts = new int[64];
        fixed (int* state = counts)
        {
            for (int job = 1; job <= 20_000; job++)
            {
                int shards = job % 9;
                workers.Run(shards, &Count, state);
                for (int shard = 0; shard < 9; shard++)
                {
                    Assert.Equal(shard < shards ? 1 : 0, counts[shard]);
                    counts[shard] = 0;
                }
            }
        }
    }

    [Fact]
    public async Task Callers_that_find_the_workers_busy_do_their_job_alone()
    {
        using var workers = new Workers(3);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => Many(workers))));
    }

    [Fact]
    public unsafe void A_failing_shard_is_reported_to_the_caller_and_the_workers_go_on()
    {
        using var workers = new Workers(2);
        Assert.Throws<InvalidOperationException>(() => workers.Run(8, &Fail, null));
        int[] counts = new int[64];
        fixed (int* state = counts)
        {
            workers.Run(5, &Count, state);
        }
        Assert.Equal(5, counts.Sum());
    }

    private static unsafe void Many(Workers workers)
    {
        int[] counts = new int[64];
        fixed (int* state = counts)
        {
            for (int job = 0; job < 2_000; job++)
            {
                workers.Run(7, &Count, state);
            }
        }
        Assert.All(counts.Take(7), count => Assert.Equal(2_000, count));
    }

    private static unsafe void Count(void* state, int shard) => ((int*)state)[shard]++;

    private static unsafe void Fail(void* state, int shard) => throw new InvalidOperationException("shard");
}
