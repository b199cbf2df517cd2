using System.Globalization;
using Engram.Data;
using Engram.Training;

namespace Engram.Tasks;

/// <summary>
/// Trains a forecaster into a folder, which receives <c>options.json</c> (all that <see cref="Resume"/> needs),
/// <c>checkpoint.safetensors</c> (after every epoch, every minute, and when cancelled), <c>model.safetensors</c> (the best so far),
/// <c>events.jsonl</c> and <c>history.csv</c> (a line for each epoch), and in the end <c>report.json</c> and <c>predictions.csv</c>. The folder
/// is one run's at a time: a second one is refused until the first has ended, however it did.
/// </summary>
public static class ForecastRun
{
    /// <summary>Runs the training.</summary>
    /// <param name="options">What to train on, how, and where results go.</param>
    /// <param name="device">What to compute on; <see cref="Device.Default"/> where not given.</param>
    /// <param name="progress">Is told where the run stands.</param>
    /// <param name="cancellation">
    /// Ends reading at once, and training after the batch at hand. The folder then holds the best model and a checkpoint from which <see cref="Resume"/>
    /// goes on: the same weights come out as if the run had not been cut.
    /// </param>
    /// <param name="clock">What <see cref="ForecastOptions.TimeLimit"/> is measured by; the system's where not given.</param>
    /// <exception cref="InvalidOptionException">An option is outside its range or does not fit the data, or the folder is in use.</exception>
    /// <exception cref="Engram.Data.DataException">The data are at fault.</exception>
    /// <exception cref="Engram.Training.TrainingDivergedException">Training diverged; the folder holds the last good checkpoint.</exception>
    /// <exception cref="Files.FileWriteException">The folder cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled before training began; the folder is as it was.</exception>
    public static ForecastRunResult Execute(
        ForecastRunOptions options,
        Device? device = null,
        IProgress<ForecastProgress>? progress = null,
        TimeProvider? clock = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        using RunFolder folder = new(options.Output);
        folder.Open(options);
        ForecastPlan plan;
        try
        {
            plan = Prepare(folder, options, progress, cancellation);
        }
        catch
        {
            folder.RemoveIfUnused();
            throw;
        }
        ForecastTrainer trainer = new(plan, device, progress, clock, cancellation);
        History history = trainer.Train(options, folder.Checkpoint, new RunRecorder(folder, trainer));
        try
        {
            return history.Stopped == StopReason.Cancelled
                ? Interrupted(folder, options, history, trainer.BestEpoch)
                : Finish(folder, trainer, history, progress);
        }
        catch (OperationCanceledException)
        {
            return Interrupted(folder, options, history, trainer.BestEpoch);
        }
    }

    /// <summary>Goes on with a run that was interrupted. A run that had come to its end is scored again.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="device">What to compute on; <see cref="Device.Default"/> where not given.</param>
    /// <param name="progress">Is told where the run stands.</param>
    /// <param name="cancellation">Ends training after the batch at hand.</param>
    /// <param name="clock">What <see cref="ForecastOptions.TimeLimit"/> is measured by, anew; the system's where not given.</param>
    /// <exception cref="InvalidOptionException">The folder holds no run.</exception>
    /// <inheritdoc cref="Execute" path="/exception[@cref='Engram.Data.DataException' or @cref='Engram.Training.TrainingDivergedException' or @cref='Files.FileWriteException']"/>
    public static ForecastRunResult Resume(
        string folder,
        Device? device = null,
        IProgress<ForecastProgress>? progress = null,
        TimeProvider? clock = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        using RunFolder run = new(folder);
        RunSettings settings = run.ReadSettings()
            ?? throw new InvalidOptionException("resume", folder, $"holds no run: there is no {RunFolder.OptionsName} in it. Name the folder that was given as --output.");
        return Execute(settings.ToOptions(folder), device, progress, clock, cancellation);
    }

    /// <summary>Reads and splits the data. Only when nothing speaks against the run is anything of an earlier one touched.</summary>
    private static ForecastPlan Prepare(
        RunFolder folder, ForecastRunOptions options, IProgress<ForecastProgress>? progress, CancellationToken cancellation)
    {
        progress?.Report(new ForecastProgress(ForecastStage.Reading, null));
        using CsvSource? input = options.ReadsInput ? folder.OpenInput(options.Input, cancellation) : null;
        Table table = input is null
            ? Table.ReadCsv(options.Files, options.Csv, cancellation)
            : CsvTableReader.Read([input], options.Csv, cancellation);
        ForecastOptions training = options.TestFile is null ? options.Training
            : options.Training with { TestTable = Table.ReadCsv(options.TestFile, options.Csv, cancellation) };
        progress?.Report(new ForecastProgress(ForecastStage.Preparing, null));
        ForecastPlan plan = ForecastPlan.Make(table, options.Target, training);
        cancellation.ThrowIfCancellationRequested();
        StartFolder(folder, options, RunSettings.Of(options with { Training = training }, table));
        if (input is not null)
        {
            folder.KeepInput(input);
        }
        return plan;
    }

    private static void StartFolder(RunFolder folder, ForecastRunOptions options, RunSettings settings)
    {
        RunSettings? before = options.Resume ? folder.ReadSettings() : null;
        if (before is null)
        {
            folder.Clear();
        }
        else if (before.DataSha256 != settings.DataSha256 || before.TestSha256 != settings.TestSha256)
        {
            throw new DataException(
                $"The data have changed since the run in '{folder.Path}' began: it cannot go on with them. Restore them, or train anew in another folder.",
                options.Files[0]);
        }
        else if (!before.Continues(settings))
        {
            throw new InvalidOptionException("--resume", folder.Path,
                $"holds a run that was started with other options, which {RunFolder.OptionsName} there tells. Only the number of epochs and the time limit may change. Leave the others out or as they were, or train anew in another folder.");
        }
        folder.WriteSettings(settings);
    }

    private static ForecastRunResult Finish(
        RunFolder folder, ForecastTrainer trainer, History history, IProgress<ForecastProgress>? progress)
    {
        Forecaster forecaster = trainer.Finish(history);
        progress?.Report(new ForecastProgress(ForecastStage.Writing, null));
        folder.WritePredictions(forecaster.Training!.TestRows);
        forecaster.Save(folder.Model);
        folder.WriteReport(forecaster.Report!);
        return new ForecastRunResult(folder.Path, forecaster, null);
    }

    private static ForecastRunResult Interrupted(RunFolder folder, ForecastRunOptions options, History history, int bestEpoch)
    {
        string kept = bestEpoch == 0 ? "no epoch was finished yet" : string.Create(CultureInfo.InvariantCulture, $"the best model, of epoch {bestEpoch}, is kept");
        return new ForecastRunResult(folder.Path, null, string.Create(CultureInfo.InvariantCulture,
            $"Interrupted after {history.Epochs.Count} of {options.Training.Epochs} epochs; {kept}. Go on with: engram resume {folder.Path}"));
    }
}
