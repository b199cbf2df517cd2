using System.Diagnostics;

namespace Engram.Backends;

/// <summary>
/// How long two of the workers' threads take to meet between two stages of a <see cref="StagedJob"/>. It depends on how far apart their cores are, 0.1 to 0.6 µs on one and the same machine, and changes when the
/// operating system, or what lies below it, moves them. So it is measured, and measured again now and then by those who ask; it decides who computes what, never what comes out.
/// </summary>
internal sealed unsafe class MeetingTime(Workers workers)
{
    private const int Stages = 64;
    private const double SecondsBetween = 0.25;

    private long _next = long.MinValue;

    /// <summary>Nanoseconds.</summary>
    public double Nanoseconds
    {
        get
        {
            long now = Stopwatch.GetTimestamp(), next = Volatile.Read(ref _next);
            if (now >= next && workers.Count > 1 && Interlocked.CompareExchange(ref _next, now + (long)(SecondsBetween * Stopwatch.Frequency), next) == next)
            {
                Measure();
            }
            return field;
        }

        private set;
    } = 170;

    private void Measure()
    {
        var visit = stackalloc Visit[Stages];
        new StagedJob { Body = &Note, State = visit, Groups = 1, Parts = 2, Stages = Stages }.Run(workers);
        Span<long> times = stackalloc long[Stages];
        int count = 0;
        for (int stage = 1; stage < Stages; stage++)
        {
            if (visit[stage].AreTwo && visit[stage - 1].AreTwo)
            {
                times[count++] = visit[stage].Time - visit[stage - 1].Time;
            }
        }
        if (count > Stages / 2) // else one thread has done the other's part too, for that had something else to do
        {
            times = times[..count];
            times.Sort();
            Nanoseconds = times[count / 2] * 1e9 / Stopwatch.Frequency;
        }
    }

    private static void Note(void* state, int group, int part, int stage)
    {
        ref Visit visit = ref ((Visit*)state)[stage];
        if (part == 0)
        {
            visit.Time = Stopwatch.GetTimestamp();
            visit.First = Environment.CurrentManagedThreadId;
        }
        else
        {
            visit.Second = Environment.CurrentManagedThreadId;
        }
    }

    /// <summary>When a stage was done, and by which threads.</summary>
    private struct Visit
    {
        public long Time;
        public int First, Second;

        public readonly bool AreTwo => First != Second;
    }
}
