using Engram.Cli.Kinds;
using Engram.Cli.Output;
using Engram.Tasks;

namespace Engram.Cli.Verbs;

/// <summary>What <c>train</c> and <c>resume</c> have in common: progress, interruption, pictures, the summary.</summary>
internal static class TrainingRun
{
    public static int Execute<T>(Terminal terminal, ModelKind<T> kind, Func<IProgress<TaskProgress>, CancellationToken, RunResult<T>> train)
        where T : TaskModel
    {
        using Interruption interruption = new(terminal.Say, terminal.ShowCursor);
        RunNotes notes = new(terminal);
        RunResult<T> run;
        try
        {
            run = TrainingProgress.Show(terminal, progress => train(notes.Before(progress), interruption.Token));
        }
        catch (OperationCanceledException) when (interruption.Code != 0)
        {
            Console.Error.WriteLine("engram: Interrupted before training began; nothing was written.");
            return interruption.Code;
        }
        if (run.IsInterrupted)
        {
            // How to go on is no progress, so it is told even where --quiet is given.
            Console.Error.WriteLine($"engram: {run.Interruption}");
            return interruption.Code;
        }
        TaskReport report = run.Trained.Report!;
        IReadOnlyList<string> pictureNotes;
        using (Profile.Measure("draw pictures"))
        {
            pictureNotes = kind.SavePictures(run.Folder, run.Trained);
        }
        notes.Tell([.. report.Data.Notes, .. pictureNotes]);
        if (terminal.Json)
        {
            Console.Out.WriteLine(report.ToJson());
        }
        else
        {
            kind.Print(Terminal.Results(), run.Trained, run.Folder);
        }
        return ExitCode.Done;
    }
}
