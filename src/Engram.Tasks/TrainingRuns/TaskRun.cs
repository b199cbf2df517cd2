using System.Globalization;
using Engram.Data;
using Engram.Files;
using Engram.Training;

namespace Engram.Tasks;

/// <summary>
/// Trains into a folder, whatever the task. The folder receives <c>options.json</c> (all that <see cref="Resume"/> needs),
/// <c>checkpoint.safetensors</c> (after every epoch, every minute, and when cancelled), <c>model.safetensors</c> (the best so far),
/// <c>events.jsonl</c> and <c>history.csv</c> (a line for each epoch), and in the end <c>report.json</c> and the task's own results. The folder
/// is one run's at a time: a second one is refused until the first has ended, however it did.
/// </summary>
internal static class TaskRun
{
    /// <summary>Runs the training.</summary>
    public static RunResult<TTrained> Execute<TOptions, TTrained>(IRunTask<TOptions, TTrained> task, TOptions options, TaskEnvironment environment)
        where TOptions : RunOptions
        where TTrained : class
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        using RunFolder folder = new(options.Output);
        folder.Open(options);
        ITaskTrainer<TTrained> trainer;
        try
        {
            environment.Begin(TaskStage.Reading, options.Resume && !folder.HoldsRun ? [$"There is no run in {folder.Path} to go on with: training starts from the beginning."] : null);
            trainer = task.Prepare(options, folder, environment);
            environment.Cancellation.ThrowIfCancellationRequested();
            // Only when nothing speaks against the run is anything of an earlier one touched.
            StartFolder(folder, task, options, trainer);
        }
        catch
        {
            folder.RemoveIfUnused();
            throw;
        }
        History history = Train(folder, options, trainer);
        try
        {
            return history.Stopped == StopReason.Cancelled
                ? Interrupted<TTrained>(folder, options, history, trainer.BestEpoch)
                : Finish(folder, trainer, history, environment);
        }
        catch (OperationCanceledException)
        {
            return Interrupted<TTrained>(folder, options, history, trainer.BestEpoch);
        }
    }

    private static History Train<TTrained>(RunFolder folder, RunOptions options, ITaskTrainer<TTrained> trainer)
        where TTrained : class
    {
        try
        {
            return trainer.Train(options, folder.Checkpoint, new RunRecorder(folder, trainer));
        }
        catch (CheckpointMismatchException other)
        {
            // Options and data were compared before: it is the file that does not belong here.
            throw new ModelFileException(
                $"{folder.Checkpoint} {other.Difference}. It is another run's, or of another version of Engram: put the one back that was there, or train again with --overwrite.", other);
        }
    }

    /// <summary>Goes on with a run that was interrupted. A run that had come to its end is scored again.</summary>
    public static RunResult<TTrained> Resume<TOptions, TTrained>(
        IRunTask<TOptions, TTrained> task, string folder, TaskEnvironment environment)
        where TOptions : RunOptions
        where TTrained : class
    {
        ArgumentNullException.ThrowIfNull(folder);
        using RunFolder run = new(folder);
        RunSettings<TOptions> settings = run.ReadSettings(task) ?? throw RunFolder.NoRun(folder);
        return Execute(task, settings.Options with { Output = folder, Resume = true }, environment);
    }

    private static void StartFolder<TOptions, TTrained>(
        RunFolder folder, IRunTask<TOptions, TTrained> task, TOptions options, ITaskTrainer<TTrained> trainer)
        where TOptions : RunOptions
        where TTrained : class
    {
        RunSettings<TOptions> settings = new(task.Kind, trainer.DataSha256, trainer.TestSha256, (TOptions)options.WithFullPaths()) { LearntSha256 = trainer.LearntSha256 };
        RunSettings<TOptions>? before = options.Resume ? folder.ReadSettings(task) : null;
        if (before is null)
        {
            folder.Clear();
        }
        else if (before.DataSha256 != settings.DataSha256 || before.TestSha256 != settings.TestSha256)
        {
            string[] changed = before.DataSha256 != settings.DataSha256 ? [.. options.Files] : [options.TestFile ?? options.Files[0]];
            throw new DataException(
                $"{string.Join(", ", changed)}: the data have changed since the run in '{folder.Path}' began: it cannot go on with them. Restore them, or train anew in another folder.",
                changed[0]);
        }
        else if (before.LearntSha256 is { } learnt && settings.LearntSha256 is { } other && learnt != other)
        {
            (string what, string file) = ((TextTrainingOptions)options.Common).Start!.Value;
            throw new DataException($"{what} in {file}: the bytes have changed since the run in '{folder.Path}' began. Restore the file, or train anew in another folder.", file);
        }
        else if (OptionsDifference.First(Comparable(before), Comparable(settings)) is { } difference)
        {
            throw new InvalidOptionException("--resume", folder.Path,
                $"holds a run that was started with other options: in its {RunFolder.OptionsName} {difference}. Only the time limit may change, and the number of epochs where the schedule does not run over all of them. Leave the others out or as they were, or train anew in another folder.");
        }
        folder.WriteSettings(settings, task.Settings);
        if (trainer.Input is { } input)
        {
            folder.KeepInput(input);
        }

        // Lists are equal where their texts are.
        string Comparable(RunSettings<TOptions> one) => TaskJson.Write(one with { Options = (TOptions)one.Options.Comparable(), LearntSha256 = null }, task.Settings);
    }

    private static RunResult<TTrained> Finish<TTrained>(
        RunFolder folder, ITaskTrainer<TTrained> trainer, History history, TaskEnvironment environment)
        where TTrained : class
    {
        TTrained trained = trainer.Finish(history);
        environment.Progress?.Report(new TaskProgress(TaskStage.Writing, null));
        trainer.Write(trained, folder);
        return new RunResult<TTrained>(folder.Path, trained, null);
    }

    private static RunResult<TTrained> Interrupted<TTrained>(RunFolder folder, RunOptions options, History history, int bestEpoch)
        where TTrained : class
    {
        string kept = bestEpoch == 0 ? "no epoch was finished yet" : string.Create(CultureInfo.InvariantCulture, $"the best model, of epoch {bestEpoch}, is kept");
        return new RunResult<TTrained>(folder.Path, null, string.Create(CultureInfo.InvariantCulture,
            $"Interrupted after {history.Epochs.Count} of {options.Common.Epochs} epochs; {kept}. Go on with: engram resume {(folder.Path.Contains(' ', StringComparison.Ordinal) ? $"\"{folder.Path}\"" : folder.Path)}"));
    }
}
