using System.Diagnostics;

namespace Engram.Backends;

/// <summary>
/// How long two of the workers' threads take to meet between two stages of a <see cref="StagedJob"/>. It depends on how far apart their cores are, 0.1 to 0.6 µs on one and the same machine, and changes when the
/// operating system, or what lies below it, moves them; and threads that sleep, or have other work, do not meet at all. So it is measured, and measured again now and then by those who ask. It decides who
/// computes what, never what comes out.
/// </summary>
/// <param name="workers">The threads.</param>
/// <param name="given">Nanoseconds that are told instead of measured ones; null for these.</param>
internal sealed unsafe class MeetingTime(Workers workers, double? given)
{
    /// <summary>What is told of threads that do not meet: about what waking one takes.</summary>
    public const double OfThoseWhoDoNotMeet = 20_000;

    private const int Stages = 64;

    /// <summary>Seconds until the next measurement; until the next after one in which nobody came.</summary>
    private const double SecondsBetween = 0.25, SecondsBeforeNextTry = 0.025;

    /// <summary>Attempts of a measurement: the first wakes a thread that sleeps, which takes some tens of microseconds.</summary>
    private const int Attempts = 4;

    /// <summary>The least that is told, unless it is given: threads that were nearer to each other by chance do not stay so.</summary>
    public double Least => given ?? 150;

    private double _measured;
    private long _next;

    /// <summary>Nanoseconds.</summary>
    public double Nanoseconds
    {
        get
        {
            if (given is { } nanoseconds)
            {
                return nanoseconds;
            }
            long now = Stopwatch.GetTimestamp(), next = Volatile.Read(ref _next);
            if (now >= next && Interlocked.CompareExchange(ref _next, long.MaxValue, next) == next)
            {
                double? measured = null;
                for (int attempt = 0; measured is null && attempt < Attempts; attempt++)
                {
                    Thread.SpinWait(attempt * 1000);
                    measured = Measure();
                }
                Volatile.Write(ref _measured, measured ?? OfThoseWhoDoNotMeet);
                Volatile.Write(ref _next, now + (long)((measured is null ? SecondsBeforeNextTry : SecondsBetween) * Stopwatch.Frequency));
            }
            return Volatile.Read(ref _measured) is > 0 and double known ? known : OfThoseWhoDoNotMeet;
        }
    }

    /// <summary>The median of some meetings; null where there were few, since one thread has done the other's part too.</summary>
    private double? Measure()
    {
        Visit* visits = stackalloc Visit[Stages];
        new Span<Visit>(visits, Stages).Clear();
        new StagedJob { Body = &Note, State = visits, Groups = 1, Parts = 2, Stages = Stages }.Run(workers);
        Span<long> times = stackalloc long[Stages];
        int count = 0;
        for (int stage = 1; stage < Stages; stage++)
        {
            if (visits[stage].AreTwo && visits[stage - 1].AreTwo)
            {
                times[count++] = visits[stage].Time - visits[stage - 1].Time;
            }
        }
        if (count < Stages / 4)
        {
            return null;
        }
        times = times[..count];
        times.Sort();
        return Math.Max(Least, times[count / 2] * 1e9 / Stopwatch.Frequency);
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
