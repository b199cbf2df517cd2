using Engram.Profiling;

namespace Engram;

/// <summary>A stretch of time under way, see <see cref="Profile.Measure"/>; <see cref="Dispose"/> ends it.</summary>
public readonly ref struct ProfileSpan
{
    private readonly ProfiledThread? _thread;
    private readonly bool _isPublished;

    internal ProfileSpan(ProfiledThread? thread, bool isPublished) => (_thread, _isPublished) = (thread, isPublished);

    /// <summary>Ends the stretch.</summary>
    public void Dispose()
    {
        _thread?.End();
        if (_isPublished)
        {
            ProfileEvents.Log.SpanStop();
        }
    }
}
