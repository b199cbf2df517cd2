using System.Text.Json.Serialization.Metadata;
using Engram.Data;

namespace Engram.Tasks;

/// <summary>
/// Trains a language model into a folder, which receives the files that every run has (see <see cref="ForecastRun"/>); <c>sample.txt</c> is a text that it wrote.
/// </summary>
public static class LanguageModelRun
{
    /// <inheritdoc cref="ForecastRun.Execute"/>
    public static RunResult<LanguageModel> Execute(
        LanguageModelRunOptions options,
        Device? device = null,
        IProgress<TaskProgress>? progress = null,
        TimeProvider? clock = null,
        CancellationToken cancellation = default) =>
        TaskRun.Execute(new LanguageModelTask(), options, new TaskEnvironment(device, progress, clock, cancellation));

    /// <inheritdoc cref="ForecastRun.Resume"/>
    public static RunResult<LanguageModel> Resume(
        string folder,
        Device? device = null,
        IProgress<TaskProgress>? progress = null,
        TimeProvider? clock = null,
        CancellationToken cancellation = default) =>
        TaskRun.Resume(new LanguageModelTask(), folder, new TaskEnvironment(device, progress, clock, cancellation));

    internal sealed class LanguageModelTask : IRunTask<LanguageModelRunOptions, LanguageModel>
    {
        public string Kind => LanguageModelDocument.TaskKind;

        public JsonTypeInfo<RunSettings<LanguageModelRunOptions>> Settings => TaskJson.Readable.LanguageModelSettings;

        public bool IsComplete(LanguageModelRunOptions options) => options is { Training.Text: not null }
            && (options.Encoding is null || LegacyEncoding.Find(options.Encoding) is not null) && options.TextColumn is null or not "";

        public ITaskTrainer<LanguageModel> Prepare(LanguageModelRunOptions options, RunFolder folder, TaskEnvironment environment)
        {
            LanguageModelOptions training = options.Training with
            {
                TestText = Read(options.TestFile),
                ValidationText = Read(options.ValidationFile),
            };
            TextCorpus text = ReadAll(options.Files);
            environment.Begin(TaskStage.Preparing, [.. text.Notes, .. training.ValidationText?.Notes ?? [], .. training.TestText?.Notes ?? []]);
            return new LanguageModelTrainer(LanguageModelPlan.Make(text, training, environment), environment) { TextColumn = options.TextColumn };

            TextCorpus? Read(string? file) => file is null ? null : ReadAll([file]);

            TextCorpus ReadAll(IReadOnlyList<string> files) => options.TextColumn is { } column
                ? TextCorpus.Of(LabelledTexts.Read(files, column, null, new CsvOptions { Encoding = options.Encoding }, environment.Cancellation))
                : TextCorpus.Read(files, options.Encoding, environment.Cancellation);
        }
    }
}
