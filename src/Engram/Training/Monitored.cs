namespace Engram.Training;

/// <summary>The value of an epoch that something watches.</summary>
internal static class Monitored
{
    /// <summary>The name, or where it is null <c>val_loss</c>, or <c>loss</c> where there is no validation.</summary>
    public static string Name(EpochResult epoch, string? monitor) => monitor ?? (epoch.ValidationLoss is null ? "loss" : "val_loss");

    /// <summary>The value of that name.</summary>
    /// <exception cref="InvalidOperationException">It is not measured.</exception>
    public static double Value(EpochResult epoch, string? monitor, string watcher)
    {
        string name = Name(epoch, monitor);
        return epoch.Values.TryGetValue(name, out double value) ? value : throw new InvalidOperationException(
            $"{watcher} watches «{name}», which is not measured. Measured are: {string.Join(", ", epoch.Values.Keys)}.");
    }
}
