using System.Text.Json.Serialization.Metadata;
using Engram.Data;

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
    /// <param name="clock">What <see cref="TrainingOptions.TimeLimit"/> is measured by; the system's where not given.</param>
    /// <exception cref="InvalidOptionException">An option is outside its range or does not fit the data, or the folder is in use.</exception>
    /// <exception cref="Engram.Data.DataException">The data are at fault.</exception>
    /// <exception cref="Engram.Training.TrainingDivergedException">Training diverged; the folder holds the last good checkpoint.</exception>
    /// <exception cref="Files.FileWriteException">The folder cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled before training began; the folder is as it was.</exception>
    public static RunResult<Forecaster> Execute(
        ForecastRunOptions options,
        Device? device = null,
        IProgress<TaskProgress>? progress = null,
        TimeProvider? clock = null,
        CancellationToken cancellation = default) =>
        TaskRun.Execute(new ForecastTask(), options, new TaskEnvironment(device, progress, clock, cancellation));

    /// <summary>Goes on with a run that was interrupted. A run that had come to its end is scored again.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="device">What to compute on; <see cref="Device.Default"/> where not given.</param>
    /// <param name="progress">Is told where the run stands.</param>
    /// <param name="cancellation">Ends training after the batch at hand.</param>
    /// <param name="clock">What <see cref="TrainingOptions.TimeLimit"/> is measured by, anew; the system's where not given.</param>
    /// <exception cref="InvalidOptionException">The folder holds no run.</exception>
    /// <inheritdoc cref="Execute" path="/exception[@cref='Engram.Data.DataException' or @cref='Engram.Training.TrainingDivergedException' or @cref='Files.FileWriteException']"/>
    public static RunResult<Forecaster> Resume(
        string folder,
        Device? device = null,
        IProgress<TaskProgress>? progress = null,
        TimeProvider? clock = null,
        CancellationToken cancellation = default) =>
        TaskRun.Resume(new ForecastTask(), folder, new TaskEnvironment(device, progress, clock, cancellation));

    internal sealed class ForecastTask : IRunTask<ForecastRunOptions, Forecaster>
    {
        public string Kind => ForecastDocument.TaskKind;

        public JsonTypeInfo<RunSettings<ForecastRunOptions>> Settings => TaskJson.Readable.ForecastSettings;

        public bool IsComplete(ForecastRunOptions options)
        {
            if (options is not { Target: not null, Csv: { } csv, Training.Features: { } features } || features.Contains(null!))
            {
                return false;
            }
            CsvTableReader.Check(csv);
            return true;
        }

        public ITaskTrainer<Forecaster> Prepare(ForecastRunOptions options, RunFolder folder, TaskEnvironment environment)
        {
            CsvSource? input = options.ReadsInput ? folder.OpenInput(options.Input, environment.Cancellation) : null;
            Table table = input is null
                ? Table.ReadCsv(options.Files, options.Csv, environment.Cancellation)
                : CsvTableReader.Read([input], options.Csv, environment.Cancellation);
            ForecastOptions training = options.TestFile is null ? options.Training
                : options.Training with { TestTable = Table.ReadCsv(options.TestFile, options.Csv with { Like = table.Reading }, environment.Cancellation) };
            environment.Begin(TaskStage.Preparing, [.. table.Notes, .. training.TestTable?.Notes ?? []]);
            return new ForecastTrainer(ForecastPlan.Make(table, options.Target, training), environment) { Input = input };
        }
    }
}
