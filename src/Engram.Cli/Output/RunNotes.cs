using Engram.Tasks;

namespace Engram.Cli.Output;

/// <summary>Tells what is found and assumed while a run goes on, each once, and before the error where one comes of it.</summary>
internal sealed class RunNotes(Terminal terminal)
{
    private readonly HashSet<string> _told = [];

    /// <summary>Tells those that were not told yet.</summary>
    public void Tell(IEnumerable<string> notes) => terminal.SayNotes(notes.Where(_told.Add));

    /// <summary>Tells the notes of a progress, and leaves the rest to another receiver.</summary>
    public IProgress<TaskProgress> Before(IProgress<TaskProgress> progress) => new Listener(this, progress);

    private sealed class Listener(RunNotes notes, IProgress<TaskProgress> progress) : IProgress<TaskProgress>
    {
        public void Report(TaskProgress value)
        {
            notes.Tell(value.Notes ?? []);
            progress.Report(value);
        }
    }
}
