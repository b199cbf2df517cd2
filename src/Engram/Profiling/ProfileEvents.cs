using System.Diagnostics.Tracing;

namespace Engram.Profiling;

/// <summary>
/// The spans as events, for whoever listens from outside: <c>dotnet-trace collect --providers Engram</c>. An <see cref="EventSource"/> and no
/// <c>ActivitySource</c>, because an activity is an object, and a training step must not allocate.
/// </summary>
[EventSource(Name = "Engram")]
internal sealed class ProfileEvents : EventSource
{
    public static readonly ProfileEvents Log = new();

    private ProfileEvents()
    {
    }

    /// <summary>Makes the source known, so that listeners find it.</summary>
    [NonEvent]
    public static void Exist() => _ = Log;

    /// <summary>A span begins on this thread.</summary>
    [Event(1, Level = EventLevel.Informational, Opcode = EventOpcode.Start, ActivityOptions = EventActivityOptions.Disable)]
    public void SpanStart(string name, string category) => WriteEvent(1, name, category);

    /// <summary>The span that began last on this thread, and has not ended, ends.</summary>
    [Event(2, Level = EventLevel.Informational, Opcode = EventOpcode.Stop, ActivityOptions = EventActivityOptions.Disable)]
    public void SpanStop() => WriteEvent(2);

    protected override void OnEventCommand(EventCommandEventArgs command) => ProfileSwitch.IsListenedTo = IsEnabled();
}
