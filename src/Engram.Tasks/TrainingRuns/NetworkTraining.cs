using Engram.Training;

namespace Engram.Tasks;

/// <summary>Trains a network as the options of a task ask for, and keeps the weights of its best epoch.</summary>
internal sealed class NetworkTraining(TrainingOptions options, TaskEnvironment environment)
{
    private EarlyStopping _stopping = new();

    /// <summary>The epoch, from 1, whose weights are the best so far; 0 before there is one.</summary>
    public int BestEpoch => _stopping.BestEpoch;

    /// <summary>Trains a compiled network.</summary>
    /// <param name="model">The network.</param>
    /// <param name="feed">What it is trained and validated on.</param>
    /// <param name="run">How often checkpoints and gradients are written; nothing is where null.</param>
    /// <param name="checkpoint">The file to continue from where it exists, and to keep for continuing; none where null.</param>
    /// <param name="callbacks">What is told beside, after the best weights are known.</param>
    public History Train(Model model, SampleFeed feed, RunOptions? run, string? checkpoint, IReadOnlyList<Callback> callbacks)
    {
        _stopping = new EarlyStopping(options.Patience == 0 ? int.MaxValue : options.Patience) { Monitor = feed.Monitor };
        List<Callback> all = [_stopping, .. options.Average > 0 ? [WeightAveraging.Exponential(options.Average)] : Array.Empty<Callback>(), .. feed.Callbacks, .. callbacks];
        StageProgress? progress = environment.During(TaskStage.Training);
        if (progress is not null)
        {
            all.Add(progress);
        }
        if (options.TimeLimit is { } limit)
        {
            all.Add(new TimeLimit(environment.Clock ?? TimeProvider.System, limit));
        }
        return model.Fit(feed.Training, new FitOptions
        {
            Epochs = options.Epochs,
            BatchSize = options.BatchSize,
            Seed = options.Seed,
            Shuffle = !feed.CarryState,
            CarryState = feed.CarryState,
            LossFactor = feed.LossFactor,
            Schedule = options.Schedule is { } schedule ? LearningRateSchedule.Parse(schedule) : null,
            ValidationSource = feed.Validation,
            ValidationBatchSize = feed.ValidationBatchSize,
            Callbacks = all,
            Progress = progress,
            Cancellation = environment.Cancellation,
            CheckpointPath = checkpoint,
            CheckpointEpochs = run?.CheckpointEpochs ?? 1,
            CheckpointInterval = run?.CheckpointInterval ?? Timeout.InfiniteTimeSpan,
            GradientStatistics = run?.GradientStatistics ?? 0,
            Resume = checkpoint is not null,
        });
    }

    /// <summary>How training went, for the report.</summary>
    public ReportTraining Report(History history) => new(
        history.Epochs.Count,
        BestEpoch,
        history.Epochs.Sum(epoch => epoch.Seconds),
        history.Stopped switch
        {
            StopReason.Patience => "patience",
            StopReason.Callback => "time limit",
            _ => "epochs",
        });
}

/// <summary>What a network is trained and validated on.</summary>
/// <param name="Training">The samples to train on.</param>
/// <param name="Validation">Those on which the best epoch is chosen; null: the loss of training chooses it.</param>
internal sealed record SampleFeed(ISampleSource Training, ISampleSource? Validation)
{
    /// <summary>Whether a batch goes on where the one before ended, so that samples keep their order. False by default.</summary>
    public bool CarryState { get; init; }

    /// <summary>What the loss is multiplied by before the gradient is taken, see <see cref="FitOptions.LossFactor"/>. 1 by default.</summary>
    public double LossFactor { get; init; } = 1;

    /// <summary>Samples to a batch of validation; that of training where null.</summary>
    public int? ValidationBatchSize { get; init; }

    /// <summary>The value of the history that chooses the best epoch; null, the default: the loss.</summary>
    public string? Monitor { get; init; }

    /// <summary>What the task itself has to do meanwhile.</summary>
    public IReadOnlyList<Callback> Callbacks { get; init; } = [];
}
