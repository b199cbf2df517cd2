namespace Engram.Training;

/// <summary>
/// The data, the loss, that of the validation data included, a gradient or a weight is no finite number any more. The message names the place and
/// what usually helps. A bad gradient was not used: the weights are those before it, or the best where <see cref="EarlyStopping"/> puts them back.
/// </summary>
public sealed class TrainingDivergedException : EngramException
{
    internal TrainingDivergedException(DivergenceFault fault, int epoch, int batch, string? checkpoint)
        : base($"Training diverged in epoch {epoch}, batch {batch}: {fault.What}. {(checkpoint is null ? "" : $"The last good checkpoint is kept in '{checkpoint}'. ")}"
            + "What usually helps: a lower learning rate, gradients clipped by norm, scaled data, no infinities in it.")
    {
        (Epoch, Batch, Layer, IsOfData) = (epoch, batch, fault.Layer, fault.IsOfData);
    }

    /// <summary>The epoch, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The batch in the epoch, from 1; the last where it is the validation that gives no number.</summary>
    public int Batch { get; }

    /// <summary>The layer whose weights, gradient or output it is; null where it is the data or the loss itself.</summary>
    public string? Layer { get; }

    /// <summary>Whether it is an input or a target.</summary>
    internal bool IsOfData { get; }
}
