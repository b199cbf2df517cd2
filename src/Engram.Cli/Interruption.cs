using System.Runtime.InteropServices;

namespace Engram.Cli;

/// <summary>
/// Turns the first Ctrl-C (SIGINT) or SIGTERM into a cancellation, so that what was reached can be saved. The second one ends the
/// process at once, as if nobody listened.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action<string> _say;
    private readonly Action _leave;
    private int _exitCode;

    /// <param name="say">Tells the user what happens.</param>
    /// <param name="leave">Is done before the process ends at once, in a moment and without waiting for anything.</param>
    public Interruption(Action<string> say, Action leave)
    {
        (_say, _leave) = (say, leave);
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Handle(signal, ExitCode.Interrupted)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Handle(signal, ExitCode.Terminated)),
        ];
    }

    public CancellationToken Token => _source.Token;

    /// <summary>What the process ends with after an interruption; 0 where there was none.</summary>
    public int Code => Volatile.Read(ref _exitCode);

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }
        _source.Dispose();
    }

    private void Handle(PosixSignalContext signal, int code)
    {
        if (Interlocked.CompareExchange(ref _exitCode, code, 0) != 0)
        {
            _leave();
            return;
        }
        signal.Cancel = true;
        _say("Interrupted: saving what was reached. Once more leaves at once.");
        _source.Cancel();
    }
}
