using System.Text.Json.Serialization.Metadata;
using Engram.Training;

namespace Engram.Tasks.Tests.TrainingRuns;

/// <summary>A task whose weights become infinite after the first batch of the fifth epoch, as where a training diverges.</summary>
internal sealed class SpoilingTask<TOptions, TTrained>(IRunTask<TOptions, TTrained> task) : IRunTask<TOptions, TTrained>
    where TOptions : RunOptions
    where TTrained : class
{
    public string Kind => task.Kind;

    public JsonTypeInfo<RunSettings<TOptions>> Settings => task.Settings;

    public bool IsComplete(TOptions options) => task.IsComplete(options);

    public ITaskTrainer<TTrained> Prepare(TOptions options, RunFolder folder, TaskEnvironment environment) => new Trainer(task.Prepare(options, folder, environment));

    private sealed class Trainer(ITaskTrainer<TTrained> trainer) : ITaskTrainer<TTrained>
    {
        public string DataSha256 => trainer.DataSha256;

        public string? TestSha256 => trainer.TestSha256;

        public int BestEpoch => trainer.BestEpoch;

        public History Train(RunOptions? run = null, string? checkpoint = null, params IReadOnlyList<Callback> callbacks) =>
            trainer.Train(run! with { CheckpointInterval = TimeSpan.Zero }, checkpoint, [.. callbacks, new Spoiler()]);

        public void SaveSnapshot(string path) => trainer.SaveSnapshot(path);

        public TTrained Finish(History history) => trainer.Finish(history);

        public void Write(TTrained trained, RunFolder folder) => trainer.Write(trained, folder);
    }

    private sealed class Spoiler : Callback
    {
        public override void OnBatchEnd(TrainingContext context, in FitProgress progress)
        {
            if (progress is { Epoch: 5, Batch: 1 })
            {
                float[] bias = context.Model.Parameters[^1].ToArray();
                bias[0] = float.PositiveInfinity;
                context.Model.Parameters[^1].Set(bias);
            }
        }
    }
}
