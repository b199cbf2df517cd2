using Engram.Backends;

namespace Engram.Tests.Backends;

public sealed class StagedJobTests
{
    private const int Groups = 2, Parts = 3, Stages = 500;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(6)]
    [InlineData(16)]
    public unsafe void Every_part_of_a_stage_is_done_once_when_its_group_has_done_the_stage_before(int threads)
    {
        using var workers = new Workers(threads);
        Run(workers, &Note);
    }

    [Fact]
    public async Task Callers_that_find_the_workers_busy_do_all_parts_alone()
    {
        using var workers = new Workers(2);
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => RunNotes(workers))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(6)]
    public unsafe void A_part_that_fails_ends_the_job_and_is_told(int threads)
    {
        using var workers = new Workers(threads);
        var e = Assert.Throws<InvalidOperationException>(() => Run(workers, &FailOnce));
        Assert.Contains("stage 7", e.Message, StringComparison.Ordinal);
    }

    private static unsafe void RunNotes(Workers workers) => Run(workers, &Note);

    private static unsafe void Run(Workers workers, delegate*<void*, int, int, int, void> body)
    {
        int[] done = new int[Groups * Parts];
        fixed (int* state = done)
        {
            new StagedJob { Body = body, State = state, Groups = Groups, Parts = Parts, Stages = Stages }.Run(workers);
        }
        Assert.All(done, count => Assert.Equal(Stages, count));
    }

    private static unsafe void Note(void* state, int group, int part, int stage)
    {
        int* done = (int*)state + group * Parts;
        for (int other = 0; other < Parts; other++)
        {
            if (Volatile.Read(ref done[other]) < stage || Volatile.Read(ref done[other]) > stage + 1)
            {
                throw new InvalidOperationException($"part {other} has done {done[other]} stages when part {part} begins the next of {stage}");
            }
        }
        if (Interlocked.Increment(ref done[part]) != stage + 1)
        {
            throw new InvalidOperationException($"part {part} is not at stage {stage}");
        }
    }

    private static unsafe void FailOnce(void* state, int group, int part, int stage)
    {
        if ((group, part, stage) == (1, 2, 7))
        {
            throw new InvalidOperationException("stage 7");
        }
    }
}
