using System.Runtime.CompilerServices;

namespace Engram.Backends;

/// <summary>
/// A job in stages, such as the steps of a sequence: groups of parts, where a part of a stage needs what all parts of its group have done in the stage before. Threads meet
/// in memory that they all see instead of ending a job and beginning another, which costs ten times as much. A thread stays with its part, whose operands lie in its caches;
/// only where another's part waits for a thread that has not come, or does not come back, does it take that too. So any number of threads makes progress, even one alone.
/// </summary>
internal unsafe struct StagedJob
{
    /// <summary>Looks at the others before what they have not begun is taken from them: some microseconds.</summary>
    private const int LooksBeforeTaking = 50;

    /// <summary>Numbers from one part's progress to the next: two lines of the cache, which no two parts share.</summary>
    private const int Spacing = 32;

    /// <summary>Does a part of a stage: state, group, part within the group, stage.</summary>
    public delegate*<void*, int, int, int, void> Body;

    /// <summary>What the body receives.</summary>
    public void* State;

    /// <summary>Groups, parts in each, and stages.</summary>
    public int Groups, Parts, Stages;

    // For each part, how many of its stages have been taken and how many are done, and whether its thread is here: it has come, and was not waited for in vain since. What is taken the others
    // hardly look at: whoever writes where others look must wait for their caches.
    private int* _taken, _done, _isHere;

    /// <summary>Does all stages of all groups.</summary>
    public void Run(Workers workers)
    {
        int count = Groups * Parts;
        int* progress = stackalloc int[3 * count * Spacing];
        new Span<int>(progress, 3 * count * Spacing).Clear();
        _taken = progress;
        _done = _taken + count * Spacing;
        _isHere = _done + count * Spacing;
        fixed (StagedJob* job = &this)
        {
            workers.Run(count, &Walk, job);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Walk(void* state, int place)
    {
        var job = (StagedJob*)state;
        if (job->Stages == 1)
        {
            job->Body(job->State, place / job->Parts, place % job->Parts, 0); // nothing to wait for
            return;
        }
        int first = place / job->Parts * job->Parts;
        ref int taken = ref job->Taken(place), isHere = ref job->IsHere(place);
        while (true)
        {
            int stage = Volatile.Read(ref taken);
            if (stage == job->Stages)
            {
                return;
            }
            if (Volatile.Read(ref isHere) == 0)
            {
                Volatile.Write(ref isHere, 1);
            }
            if (!job->IsDone(first, stage))
            {
                job->Wait(first, stage);
            }
            job->TryDo(place, stage);
        }
    }

    /// <summary>Waits until all parts have done the stages before this one, and does what nobody else does.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Wait(int first, int stage)
    {
        using ProfileSpan span = Profile.Measure("wait", ProfileCategory.Idle);
        var spinner = default(SpinWait);
        for (int looks = 1; !IsDone(first, stage); looks++)
        {
            bool isLate = looks > LooksBeforeTaking;
            for (int place = first; place < first + Parts; place++)
            {
                if ((isLate || Volatile.Read(ref IsHere(place)) == 0) && Volatile.Read(ref Taken(place)) < stage && TryDo(place, stage - 1) && isLate)
                {
                    Volatile.Write(ref IsHere(place), 0); // the next of its stages are taken at once, until it is back
                }
            }
            Thread.SpinWait(1);
            if (looks > 2 * LooksBeforeTaking)
            {
                spinner.SpinOnce(sleep1Threshold: -1);
            }
        }
    }

    /// <summary>Does a stage of a part, and tells so, if no other thread has taken it.</summary>
    private bool TryDo(int place, int stage)
    {
        if (Interlocked.CompareExchange(ref Taken(place), stage + 1, stage) != stage)
        {
            return false;
        }
        try
        {
            Body(State, place / Parts, place % Parts, stage);
        }
        finally
        {
            Volatile.Write(ref Done(place), stage + 1); // whatever happened: others would wait for ever
        }
        return true;
    }

    private readonly bool IsDone(int first, int stage)
    {
        for (int place = first; place < first + Parts; place++)
        {
            if (Volatile.Read(ref Done(place)) < stage)
            {
                return false;
            }
        }
        return true;
    }

    private readonly ref int Taken(int place) => ref _taken[place * Spacing];

    private readonly ref int IsHere(int place) => ref _isHere[place * Spacing];

    private readonly ref int Done(int place) => ref _done[place * Spacing];
}
