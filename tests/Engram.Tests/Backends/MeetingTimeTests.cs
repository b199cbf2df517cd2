using Engram.Backends;

namespace Engram.Tests.Backends;

public sealed class MeetingTimeTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void A_time_is_there_from_the_first_and_whatever_else_the_workers_do(int threads)
    {
        using var workers = new Workers(threads);
        Parallel.For(0, 20, _ => Assert.InRange(workers.MeetingTime.Nanoseconds, 1, 1e9));
    }
}
