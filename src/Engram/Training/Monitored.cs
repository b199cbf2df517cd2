namespace Engram.Training;

/// <summary>The value of an epoch that something watches.</summary>
internal static class Monitored
{
    /// <summary>
    /// The value of a name, or where that is null <c>val_loss</c>, or <c>loss</c> where there is no validation; negative where it is a metric
    /// of which larger is better, so that smaller always is.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is not measured.</exception>
    public static double Cost(History history, EpochResult epoch, string? monitor, string watcher)
    {
        string name = monitor ?? (epoch.ValidationLoss is null ? "loss" : "val_loss");
        double value = epoch.Values.TryGetValue(name, out double measured) ? measured : throw NotMeasured(watcher, name, epoch.Values.Keys);
        return IsLargerBetter(history.Metrics, name) ? -value : value;
    }

    /// <summary>Refuses, as training starts, a name that no epoch will have.</summary>
    /// <exception cref="InvalidOperationException">It is not measured.</exception>
    public static void Require(TrainingContext context, string? monitor, string watcher)
    {
        FitOptions options = context.Options;
        IEnumerable<string> validated = options.ValidationSource is null && options.ValidationData is null ? [] : context.Model.ScoreNames(options.ValidationSource is SeveralSources);
        string[] names = ["loss", .. validated.Select(name => "val_" + name)];
        // Whether weights or outputs cost anything shows when they are computed.
        if (monitor is not (null or "penalty") && !names.Contains(monitor))
        {
            throw NotMeasured(watcher, monitor, names);
        }
    }

    private static InvalidOperationException NotMeasured(string watcher, string name, IEnumerable<string> measured) =>
        new($"{watcher} watches «{name}», which is not measured. Measured are: {string.Join(", ", measured)}.");

    /// <summary>Whether a value, <c>val_f1</c> or, of one output of several, <c>val_dense_f1</c>, is of such a metric.</summary>
    private static bool IsLargerBetter(IReadOnlyList<Metric> metrics, string name)
    {
        for (int i = 0; i < metrics.Count; i++)
        {
            string metric = metrics[i].Name;
            if (metrics[i].LargerIsBetter && name.EndsWith(metric, StringComparison.Ordinal) && (name.Length == metric.Length || name[^(metric.Length + 1)] == '_'))
            {
                return true;
            }
        }
        return false;
    }
}
