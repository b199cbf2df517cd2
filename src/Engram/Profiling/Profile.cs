using System.Diagnostics;
using Engram.Files;
using Engram.Profiling;

namespace Engram;

/// <summary>
/// Where the time goes: while a profile is taken, the engine notes on every thread when an operation, a sweep of the optimizer, the
/// reading of a batch or a validation begins and ends.
/// <code>
///   using Profile profile = Profile.Start();
///   model.Fit(x, y);
///   Console.WriteLine(profile.Stop());          // shares: products 61%, activations 20%, …
///   profile.WriteTrace("trace.json");           // for a browser's trace viewer
/// </code>
/// One profile is taken at a time, of the whole process. It takes 2 MB for every thread when that first does something, and allocates nothing per step. While
/// none is taken a span costs the look at one variable. The same spans are published as events of the <c>EventSource</c> «Engram».
/// </summary>
public sealed class Profile : IDisposable
{
    private static Profile? _current;

    [ThreadStatic]
    private static ProfiledThread? _thread;

    private readonly Lock _lock = new();
    private readonly List<ProfiledThread> _threads = [];
    private readonly long _start = Stopwatch.GetTimestamp();
    private volatile ProfileSummary? _summary;

    private Profile()
    {
    }

    /// <summary>Whether time goes on being noted.</summary>
    internal bool IsStopped => _summary is not null;

    internal static Profile? Current => Volatile.Read(ref _current);

    /// <summary>Begins to take a profile.</summary>
    /// <exception cref="InvalidOperationException">One is being taken.</exception>
    public static Profile Start()
    {
        var profile = new Profile();
        if (Interlocked.CompareExchange(ref _current, profile, null) is not null)
        {
            throw new InvalidOperationException("A profile is being taken already, and there is one at a time. Stop that one first.");
        }
        ProfileSwitch.IsTaken = true;
        return profile;
    }

    /// <summary>Notes a stretch of this thread's time: <c>using (Profile.Measure("read prices", ProfileCategory.Data)) { … }</c>. Stretches may stand inside each other.</summary>
    /// <param name="name">What it is called; a constant, so that nothing is allocated.</param>
    /// <param name="category">What it is spent on. Stretches inside that have another are not counted to it.</param>
    public static ProfileSpan Measure(string name, ProfileCategory category = ProfileCategory.Other) =>
        ProfileSwitch.IsOn ? MeasureWhereOn(name, category) : default;

    /// <summary>Ends the profile.</summary>
    /// <returns>The shares; those of the first call, where it is called again.</returns>
    public ProfileSummary Stop()
    {
        lock (_lock)
        {
            if (_summary is null)
            {
                ProfileSwitch.IsTaken = false;
                Volatile.Write(ref _current, null);
                _summary = new ProfileSummary(_start, Stopwatch.GetTimestamp(), _threads);
            }
            return _summary;
        }
    }

    /// <summary>
    /// Writes every span of every thread as a Chrome trace (JSON), which <c>chrome://tracing</c>, <c>edge://tracing</c> and ui.perfetto.dev draw. Of a thread the
    /// first 65,536 spans are kept. Ends the profile where that is not done.
    /// </summary>
    /// <exception cref="FileWriteException">The file cannot be written.</exception>
    public void WriteTrace(string path)
    {
        ProfileSummary summary = Stop();
        AtomicFile.Write(path, stream => ChromeTrace.Write(stream, _start, summary, _threads));
    }

    /// <summary>Ends the profile.</summary>
    public void Dispose() => Stop();

    /// <summary>This thread, where a profile is being taken that has met it.</summary>
    internal static ProfiledThread? ThisThread => ProfileSwitch.IsOn && _thread is { } thread && thread.Profile == Current ? thread : null;

    /// <summary>Makes a worker known as the thread that this is.</summary>
    internal static void SetThread(ProfiledThread worker) => _thread = worker;

    /// <summary>A thread of a backend. It is idle from now on where it does nothing.</summary>
    internal ProfiledThread AddWorker(string name) => Add(new ProfiledThread(this, name, isWorker: true));

    private static ProfileSpan MeasureWhereOn(string name, ProfileCategory category)
    {
        ProfiledThread? thread = null;
        if (Current is { } profile)
        {
            thread = ThisThread ?? (_thread = profile.Add(new ProfiledThread(profile, Thread.CurrentThread.Name ?? $"thread {Environment.CurrentManagedThreadId}", isWorker: false)));
            thread.Begin(name, category);
        }
        bool isPublished = ProfileSwitch.IsListenedTo;
        if (isPublished)
        {
            ProfileEvents.Log.SpanStart(name, ProfileSummary.NameOf(category));
        }
        return new ProfileSpan(thread, isPublished);
    }

    private ProfiledThread Add(ProfiledThread thread)
    {
        lock (_lock)
        {
            _threads.Add(thread);
        }
        return thread;
    }
}
