using System.Text.Json.Serialization.Metadata;

namespace Engram.Tasks;

/// <summary>
/// Trains a tagger into a folder, which receives <c>options.json</c> (all that <see cref="Resume"/> needs), <c>checkpoint.safetensors</c>,
/// <c>model.safetensors</c> (the best so far), <c>events.jsonl</c> and <c>history.csv</c>, and in the end <c>report.json</c> and <c>predictions.csv</c>.
/// </summary>
public static class TaggingRun
{
    /// <summary>Runs the training.</summary>
    /// <param name="options">What to train on, how, and where results go.</param>
    /// <param name="device">What to compute on; <see cref="Device.Default"/> where not given.</param>
    /// <param name="progress">Is told where the run stands.</param>
    /// <param name="clock">What <see cref="TrainingOptions.TimeLimit"/> is measured by; the system's where not given.</param>
    /// <param name="cancellation">Ends reading at once, and training after the batch at hand, from which <see cref="Resume"/> goes on.</param>
    /// <exception cref="InvalidOptionException">An option is outside its range or does not fit the data, or the folder is in use.</exception>
    /// <exception cref="Engram.Data.DataException">The data are at fault.</exception>
    /// <exception cref="Engram.Training.TrainingDivergedException">Training diverged; the folder holds the last good checkpoint.</exception>
    /// <exception cref="Files.FileWriteException">The folder cannot be written.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled before training began; the folder is as it was.</exception>
    public static RunResult<SequenceTagger> Execute(
        TaggingRunOptions options,
        Device? device = null,
        IProgress<TaskProgress>? progress = null,
        TimeProvider? clock = null,
        CancellationToken cancellation = default) =>
        TaskRun.Execute(new TaggingTask(), options, new TaskEnvironment(device, progress, clock, cancellation));

    /// <summary>Goes on with a run that was interrupted. A run that had come to its end is scored again.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="device">What to compute on; <see cref="Device.Default"/> where not given.</param>
    /// <param name="progress">Is told where the run stands.</param>
    /// <param name="clock">What <see cref="TrainingOptions.TimeLimit"/> is measured by, anew; the system's where not given.</param>
    /// <param name="cancellation">Ends training after the batch at hand.</param>
    /// <exception cref="InvalidOptionException">The folder holds no run.</exception>
    /// <inheritdoc cref="Execute" path="/exception[@cref='Engram.Data.DataException' or @cref='Engram.Training.TrainingDivergedException' or @cref='Files.FileWriteException']"/>
    public static RunResult<SequenceTagger> Resume(
        string folder,
        Device? device = null,
        IProgress<TaskProgress>? progress = null,
        TimeProvider? clock = null,
        CancellationToken cancellation = default) =>
        TaskRun.Resume(new TaggingTask(), folder, new TaskEnvironment(device, progress, clock, cancellation));

    internal sealed class TaggingTask : IRunTask<TaggingRunOptions, SequenceTagger>
    {
        public string Kind => TaggingDocument.TaskKind;

        public JsonTypeInfo<RunSettings<TaggingRunOptions>> Settings => TaskJson.Readable.TaggingSettings;

        public bool IsComplete(TaggingRunOptions options) => options is { Features: not null, Training: not null };

        public ITaskTrainer<SequenceTagger> Prepare(TaggingRunOptions options, RunFolder folder, TaskEnvironment environment)
        {
            TokenFiles data = TokenFile.Read(options.Files, options.Columns, environment.Cancellation);
            TokenFiles? test = options.TestFile is { } file ? TokenFile.Read([file], options.Columns, environment.Cancellation) : null;
            TaggingSources sources = new(options.Files, data.Sha256, options.TestFile, test?.Sha256, new TaggingColumns(options.Column, options.Label, options.Features))
            {
                Notes = [.. data.Notes, .. test?.Notes ?? []],
            };
            environment.Begin(TaskStage.Preparing, sources.Notes);
            return new TaggingTrainer(TaggingPlan.Make(data.Sentences, test?.Sentences, options.Training, sources, environment.Cancellation), environment);
        }
    }
}
