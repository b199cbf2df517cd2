using System.Text.Json.Serialization.Metadata;
using Engram.Data;

namespace Engram.Tasks;

/// <summary>
/// Trains a classifier of texts into a folder, which receives the files that every run has (see <see cref="ForecastRun"/>); <c>predictions.csv</c> has the
/// columns <c>text,label,predicted,probability</c>, a row for each test text.
/// </summary>
public static class ClassifierRun
{
    /// <inheritdoc cref="ForecastRun.Execute"/>
    public static RunResult<TextClassifier> Execute(
        ClassifierRunOptions options,
        Device? device = null,
        IProgress<TaskProgress>? progress = null,
        TimeProvider? clock = null,
        CancellationToken cancellation = default) =>
        TaskRun.Execute(new ClassifierTask(), options, new TaskEnvironment(device, progress, clock, cancellation));

    /// <inheritdoc cref="ForecastRun.Resume"/>
    public static RunResult<TextClassifier> Resume(
        string folder,
        Device? device = null,
        IProgress<TaskProgress>? progress = null,
        TimeProvider? clock = null,
        CancellationToken cancellation = default) =>
        TaskRun.Resume(new ClassifierTask(), folder, new TaskEnvironment(device, progress, clock, cancellation));

    internal sealed class ClassifierTask : IRunTask<ClassifierRunOptions, TextClassifier>
    {
        public string Kind => ClassifierDocument.TaskKind;

        public JsonTypeInfo<RunSettings<ClassifierRunOptions>> Settings => TaskJson.Readable.ClassifierSettings;

        public bool IsComplete(ClassifierRunOptions options)
        {
            if (options is not { Csv: { } csv, Training.Text: not null } || string.IsNullOrWhiteSpace(options.Text) || string.IsNullOrWhiteSpace(options.Label))
            {
                return false;
            }
            CsvTableReader.Check(csv);
            return true;
        }

        public ITaskTrainer<TextClassifier> Prepare(ClassifierRunOptions options, RunFolder folder, TaskEnvironment environment)
        {
            TrainingOptionsCheck.Require(!string.Equals(options.Text, options.Label, StringComparison.OrdinalIgnoreCase),
                "--label", options.Label, "is the column of texts already (--text). Name the column of labels.");
            LabelledTexts texts = LabelledTexts.Read(options.Files, options.Text, options.Label, options.Csv, environment.Cancellation);
            ClassifierOptions training = options.TestFile is null ? options.Training
                : options.Training with { TestTexts = LabelledTexts.Read([options.TestFile], options.Text, options.Label, options.Csv, environment.Cancellation) };
            environment.Begin(TaskStage.Preparing, [.. texts.Notes, .. training.TestTexts?.Notes ?? []]);
            return new ClassifierTrainer(ClassifierPlan.Make(texts, training), environment) { Columns = (options.Text, options.Label) };
        }
    }
}
