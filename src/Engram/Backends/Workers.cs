using Engram.Profiling;

namespace Engram.Backends;

/// <summary>
/// The threads of a CPU backend. A job is a number of shards; the calling thread takes shards beside the workers and returns when
/// all are done. Shards never share a sum, so results do not depend on who computes what. A caller that finds the workers busy
/// with somebody else's job does its shards alone. Nothing is allocated per job.
/// </summary>
internal sealed unsafe class Workers : IDisposable
{
    // Long enough to bridge the gaps between the parallel parts of a training step, short enough not to burn a core for nothing.
    private const int SpinsBeforeSleep = 2000;
    private const int Closed = int.MaxValue;

    private readonly Thread[] _threads;
    private readonly SemaphoreSlim _wake = new(0);
    private delegate*<void*, int, void> _body;
    private void* _state;
    private int _shards;
    private long _ticket; // job number in the upper half, next shard in the lower
    private int _unfinished;
    private int _busy;
    private int _sleeping;
    private volatile bool _stopped;
    private Exception? _failure;
    private (string Name, ProfileCategory Category) _span; // what the job is in a profile
    private ProfiledThread[] _profiled = [];

    /// <summary>Starts workers for <paramref name="count"/> threads in all, the caller's included.</summary>
    /// <param name="count">Threads.</param>
    /// <param name="meeting">Nanoseconds that count as the time in which two of them meet; measured where null.</param>
    public Workers(int count, double? meeting = null)
    {
        Count = count;
        MeetingTime = new MeetingTime(this, meeting);
        _threads = new Thread[count - 1];
        for (int i = 0; i < _threads.Length; i++)
        {
            int worker = i;
            _threads[i] = new Thread(() => Work(worker)) { IsBackground = true, Name = $"Engram worker {i + 1}" };
            _threads[i].Start();
        }
    }

    /// <summary>Threads that share a job, the caller's included.</summary>
    public int Count { get; }

    /// <summary>How long two threads take to meet.</summary>
    public MeetingTime MeetingTime { get; }

    /// <summary>Calls <paramref name="body"/> with <paramref name="state"/> for every shard 0 … shards − 1.</summary>
    public void Run(int shards, delegate*<void*, int, void> body, void* state)
    {
        if (ProfileSwitch.IsOn)
        {
            ShowWorkers();
        }
        if (shards <= 1 || _threads.Length == 0 || Interlocked.CompareExchange(ref _busy, 1, 0) != 0)
        {
            for (int shard = 0; shard < shards; shard++)
            {
                body(state, shard);
            }
            return;
        }

        // While the job's fields change, the ticket is one that no shard number is below.
        long job = (Volatile.Read(ref _ticket) >> 32) + 1;
        Interlocked.Exchange(ref _ticket, ((job - 1) << 32) | Closed);
        _body = body;
        _state = state;
        _span = Profile.ThisThread?.Current ?? ("work", ProfileCategory.Other);
        Volatile.Write(ref _shards, shards);
        _failure = null;
        Volatile.Write(ref _unfinished, shards);
        Interlocked.Exchange(ref _ticket, job << 32);
        int sleeping = Volatile.Read(ref _sleeping);
        if (sleeping > 0)
        {
            _wake.Release(Math.Min(sleeping, shards - 1));
        }

        while (TakeShard())
        {
        }
        WaitForWorkers();
        Exception? failure = _failure;
        Volatile.Write(ref _busy, 0);
        if (failure is not null)
        {
            throw new InvalidOperationException("A worker thread failed: " + failure.Message, failure);
        }
    }

    /// <summary>Ends the threads once they are idle.</summary>
    public void Dispose()
    {
        _stopped = true;
        _wake.Release(Math.Max(1, _threads.Length));
    }

    private void WaitForWorkers()
    {
        using ProfileSpan span = Profile.Measure("wait", ProfileCategory.Idle);
        var spinner = default(SpinWait);
        while (Volatile.Read(ref _unfinished) > 0)
        {
            spinner.SpinOnce(sleep1Threshold: -1);
        }
    }

    /// <summary>Makes the workers known to the profile that is being taken, which counts them as idle where they do nothing.</summary>
    private void ShowWorkers()
    {
        lock (_threads)
        {
            if (Profile.Current is { } profile && _threads.Length > 0 && (_profiled.Length == 0 || _profiled[0].Profile != profile))
            {
                // A lambda would capture the profile, and be allocated for every job.
                var profiled = new ProfiledThread[_threads.Length];
                for (int i = 0; i < profiled.Length; i++)
                {
                    profiled[i] = profile.AddWorker(_threads[i].Name!);
                }
                _profiled = profiled;
            }
        }
    }

    /// <param name="worker">The worker that takes it, or −1 for the caller, whose time is noted where it calls from.</param>
    private bool TakeShard(int worker = -1)
    {
        while (true)
        {
            long ticket = Volatile.Read(ref _ticket);
            int shard = (int)(ticket & 0xFFFFFFFF);
            if (shard >= Volatile.Read(ref _shards))
            {
                return false;
            }
            // Read before the exchange: if that succeeds, the job was still this one.
            delegate*<void*, int, void> body = _body;
            void* state = _state;
            (string Name, ProfileCategory Category) span = _span;
            if (Interlocked.CompareExchange(ref _ticket, ticket + 1, ticket) == ticket)
            {
                try
                {
                    using ProfileSpan ofWorker = worker >= 0 && ProfileSwitch.IsOn ? MeasureShard(worker, span) : default;
                    body(state, shard);
                }
#pragma warning disable CA1031 // Whatever a shard throws is thrown again by the thread that asked for the job.
                catch (Exception e)
#pragma warning restore CA1031
                {
                    _failure = e;
                }
                Interlocked.Decrement(ref _unfinished);
                return true;
            }
        }
    }

    private ProfileSpan MeasureShard(int worker, (string Name, ProfileCategory Category) span)
    {
        ProfiledThread[] profiled = _profiled;
        if (worker < profiled.Length && !profiled[worker].Profile.IsStopped)
        {
            Profile.SetThread(profiled[worker]);
        }
        return Profile.Measure(span.Name, span.Category);
    }

    private void Work(int worker)
    {
        long done = 0;
        while (!_stopped)
        {
            int spins = 0;
            while (Volatile.Read(ref _ticket) >> 32 == done && spins < SpinsBeforeSleep)
            {
                Thread.SpinWait(8);
                spins++;
            }
            if (Volatile.Read(ref _ticket) >> 32 == done)
            {
                Interlocked.Increment(ref _sleeping);
                if (Volatile.Read(ref _ticket) >> 32 == done && !_stopped)
                {
                    _wake.Wait();
                }
                Interlocked.Decrement(ref _sleeping);
                continue;
            }
            done = Volatile.Read(ref _ticket) >> 32;
            while (TakeShard(worker))
            {
            }
        }
    }
}
