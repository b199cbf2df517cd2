namespace Engram.Training;

/// <summary>The loss or a weight is no finite number any more. The message names the place and what usually helps.</summary>
public sealed class TrainingDivergedException : EngramException
{
    internal TrainingDivergedException(string what, int epoch, int batch)
        : base($"Training diverged in epoch {epoch}, batch {batch}: {what}. What usually helps: a lower learning rate, gradients clipped by norm, scaled data, no infinities in it.")
    {
        Epoch = epoch;
        Batch = batch;
    }

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The batch in the epoch, from 1.</summary>
    public int Batch { get; }
}
