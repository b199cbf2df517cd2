using Engram.Backends;

namespace Engram.Tests.Backends;

public sealed class MeetingTimeTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void A_time_is_there_whatever_else_the_workers_do(int threads)
    {
        using var workers = new Workers(threads);
        Parallel.For(0, 20, _ => Assert.InRange(workers.MeetingTime.Nanoseconds, 1, double.MaxValue));
    }

    [Fact]
    public void Threads_that_are_awake_meet()
    {
        using var workers = new Workers(2);
        double told = MeetingTime.OfThoseWhoDoNotMeet;
        for (int attempt = 0; told == MeetingTime.OfThoseWhoDoNotMeet && attempt < 5_000; attempt++)
        {
            told = workers.MeetingTime.Nanoseconds;
            Thread.Sleep(1); // on a busy machine the other comes late
        }
        Assert.NotEqual(MeetingTime.OfThoseWhoDoNotMeet, told);
    }

    [Fact]
    public void Threads_that_are_busy_with_other_work_are_told_not_to_meet()
    {
        using var workers = new Workers(2);
        Assert.Equal(MeetingTime.OfThoseWhoDoNotMeet, WhileBusy(workers));
    }

    [Fact]
    public void A_time_that_is_given_is_told()
    {
        using var workers = new Workers(2, meeting: 7);
        Assert.Equal(7, workers.MeetingTime.Nanoseconds);
    }

    private static unsafe double WhileBusy(Workers workers)
    {
        // A job that asks while it runs: to those who ask then the workers are busy.
        double told = 0;
        var ask = new Question { Workers = System.Runtime.InteropServices.GCHandle.Alloc(workers), Told = &told };
        workers.Run(2, &Ask, &ask);
        ask.Workers.Free();
        return told;
    }

    private static unsafe void Ask(void* state, int shard)
    {
        var ask = (Question*)state;
        if (shard == 0)
        {
            *ask->Told = ((Workers)ask->Workers.Target!).MeetingTime.Nanoseconds;
        }
    }

    private unsafe struct Question
    {
        public System.Runtime.InteropServices.GCHandle Workers;
        public double* Told;
    }
}
