namespace Engram.Training;

/// <summary>How a model is trained.</summary>
public sealed class FitOptions
{
    /// <summary>How often all samples are seen; 1 by default, at least 1.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>Samples to a step; 32 by default, at least 1. The last batch of an epoch may be smaller.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Where shuffling, dropout and, in a model that has no weights yet, their first values are drawn from; 0 by default.</summary>
    public long Seed { get; init; }

    /// <summary>Whether samples come in another order in every epoch; true by default.</summary>
    public bool Shuffle { get; init; } = true;

    /// <summary>
    /// Truncated back-propagation for long sequences: the weights are changed after every so many steps, and memory does not grow with the
    /// length. Null, the default, walks back over whole sequences.
    /// </summary>
    public TruncatedBackpropagation? Truncation { get; init; }

    /// <summary>
    /// Whether recurrent layers go on, sample i of a batch from sample i of the batch before, as where a long text or signal is cut into
    /// batches; gradients do not flow from batch to batch. States start from zero in every epoch, and wherever
    /// <see cref="ISampleSource.StartsSequence"/> says so. Needs <see cref="Shuffle"/> off and whole batches. False by default.
    /// </summary>
    public bool CarryState { get; init; }

    /// <summary>
    /// What loss and penalties are multiplied by before the gradient is taken, above 0; 1 by default. The losses that are told do not change. A loss is a mean over
    /// steps: with the number of steps here the gradient is that of their sum, which recipes for language models clip and step by (Zaremba et al. 2014).
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not above 0 and finite.</exception>
    public double LossFactor
    {
        get;
        init => field = value > 0 && double.IsFinite(value) ? value
            : throw new ArgumentOutOfRangeException(nameof(value), value, "The factor of the loss is a number above 0.");
    } = 1;

    /// <summary>Arrays on which loss and metrics are measured after every epoch.</summary>
    public (Tensor X, Tensor Y)? ValidationData { get; init; }

    /// <summary>Which steps of <see cref="ValidationData"/>'s inputs are real; null, the default, where all are.</summary>
    public SequenceMask? ValidationMask { get; init; }

    /// <summary>The same as a source; goes before <see cref="ValidationData"/>.</summary>
    public ISampleSource? ValidationSource { get; init; }

    /// <summary>
    /// Samples that are measured together after an epoch, at least 1: fewer take less memory. Null, the default: 256, as in <c>Evaluate</c>, and with
    /// <see cref="CarryState"/>, where batches must be whole here too, <see cref="BatchSize"/>.
    /// </summary>
    public int? ValidationBatchSize { get; init; }

    /// <summary>
    /// How the learning rate changes meanwhile; null, the default: not at all.
    /// </summary>
    public LearningRateSchedule? Schedule { get; init; }

    /// <summary>What is told about epochs and batches, such as <see cref="EarlyStopping"/>.</summary>
    public IReadOnlyList<Callback> Callbacks { get; init; } = [];

    /// <summary>Receives the state after every batch.</summary>
    public IProgress<FitProgress>? Progress { get; init; }

    /// <summary>
    /// Ends training after the batch at hand, be it of training or of validation. <c>Fit</c> then returns as usual, with <see cref="StopReason.Cancelled"/> in
    /// the history, which has the epochs that were trained and measured whole; the weights are those reached, or the best where <see cref="EarlyStopping"/>
    /// restores them.
    /// </summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>
    /// A file that receives all that is needed to go on: before the first epoch, after epochs (<see cref="CheckpointEpochs"/>), within long ones
    /// (<see cref="CheckpointInterval"/>), and when training is cancelled or stopped. The one before stays until the new one is whole. Null, the
    /// default, writes none.
    /// </summary>
    public string? CheckpointPath { get; init; }

    /// <summary>Epochs from one checkpoint to the next, at least 1, the default. The last epoch always has one.</summary>
    public int CheckpointEpochs { get; init; } = 1;

    /// <summary>
    /// The time after which a checkpoint is written within an epoch, after the batch at hand: a minute by default, at least zero, which means
    /// after every batch; <see cref="Timeout.InfiniteTimeSpan"/> writes none there.
    /// </summary>
    public TimeSpan CheckpointInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Every so many batches the gradients of each layer are measured and shown to callbacks (<see cref="TrainingContext.Gradients"/>), which costs
    /// about as much as a copy of them; 0, the default: never.
    /// </summary>
    public int GradientStatistics { get; init; }

    /// <summary>What time is told by; the system's clock by default.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// Whether to go on from <see cref="CheckpointPath"/>, where that file exists, be it in the middle of an epoch. The run then ends with the same
    /// weights, history and memory of optimizer and callbacks, to the bit, as if it had not been cut; only times differ. Model, data (by their
    /// <see cref="ISampleSource.Fingerprint"/>) and options must be the same, but for the number of epochs, and that too where
    /// the schedule runs over all of them (<see cref="LearningRateSchedule.RunsOverAllEpochs"/>). Anything else is refused with an
    /// <see cref="CheckpointMismatchException"/> that names it; the learning rate is the checkpoint's.
    /// </summary>
    public bool Resume { get; init; }
}

/// <summary>Where training stands, after a batch.</summary>
/// <param name="Epoch">The epoch, from 1.</param>
/// <param name="Epochs">Epochs in all.</param>
/// <param name="Batch">The batch in the epoch, from 1.</param>
/// <param name="Batches">Batches to an epoch.</param>
/// <param name="Loss">Mean loss over the epoch so far.</param>
/// <param name="ValidationLoss">Validation loss of the epoch before; null where there is none.</param>
public readonly record struct FitProgress(int Epoch, int Epochs, int Batch, int Batches, double Loss, double? ValidationLoss)
{
    /// <summary>Loss of this batch alone.</summary>
    public double BatchLoss { get; init; }
}
