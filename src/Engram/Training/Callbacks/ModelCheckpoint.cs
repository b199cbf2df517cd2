using System.Globalization;
using Engram.Files;

namespace Engram.Training;

/// <summary>
/// Saves the model after epochs: after each with a better value than all before, by default, or after every n-th. What is saved is
/// the model as it is used, with averaged weights where they are averaged; to go on training take <see cref="FitOptions.CheckpointPath"/>.
/// </summary>
public sealed class ModelCheckpoint : Callback
{
    private const string Watcher = "The model checkpoint";
    private readonly string _path;
    private readonly Action<Model, string>? _save;
    private double _best = double.PositiveInfinity;

    /// <summary>Saves a model.</summary>
    /// <param name="path">The file; <c>{epoch}</c> in it becomes the epoch's number, so that there is a file for each. Its folder must exist when training starts, one with <c>{epoch}</c> in its name when the epoch ends.</param>
    /// <param name="save">How a model is written to a file; by default by <see cref="Sequential.Save"/> or <see cref="Graph.Save"/>.</param>
    public ModelCheckpoint(string path, Action<Model, string>? save = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        _path = path;
        _save = save;
    }

    /// <summary>Whether only epochs are saved that are better than all before. True by default.</summary>
    public bool BestOnly { get; init; } = true;

    /// <summary>Epochs from one that may be saved to the next, at least 1, the default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int Every
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            field = value;
        }
    } = 1;

    /// <summary>
    /// The value to watch: a loss, the smaller the better, or a metric, which says itself; null, the default, is <c>val_loss</c>, or <c>loss</c> where
    /// there is no validation.
    /// </summary>
    public string? Monitor { get; init; }

    /// <summary>The last epoch that was saved, or would have been; 0 before the first.</summary>
    public int SavedEpoch { get; private set; }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The value to watch is not measured, or the model is of a type that it cannot save.</exception>
    /// <exception cref="FileWriteException">The file's folder does not exist, or it can be seen otherwise that the file cannot be written.</exception>
    public override void OnTrainingStart(TrainingContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (_save is null && context.Model is not (Sequential or Graph))
        {
            throw new InvalidOperationException(
                "The model checkpoint saves models of the types Sequential and Graph. Tell it how to save another: new ModelCheckpoint(path, (model, file) => …).");
        }
        if (BestOnly)
        {
            Monitored.Require(context, Monitor, Watcher);
        }
        // Where each epoch has a folder of its own, somebody may make it meanwhile.
        if (_save is null && Path.GetDirectoryName(_path)?.Contains("{epoch}", StringComparison.Ordinal) != true)
        {
            AtomicFile.RequireWritable(PathOf((context.History.Epochs.Count / Every + 1) * Every));
        }
        // What was best before an interruption follows from the history.
        (_best, SavedEpoch) = (double.PositiveInfinity, 0);
        foreach (EpochResult epoch in context.History.Epochs)
        {
            IsDue(context.History, epoch);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="FileWriteException">The file cannot be written.</exception>
    public override void OnEpochEnd(TrainingContext context, EpochResult epoch)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(epoch);
        if (IsDue(context.History, epoch))
        {
            Save(context.Model, PathOf(epoch.Epoch));
        }
    }

    private string PathOf(int epoch) => _path.Replace("{epoch}", epoch.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    private bool IsDue(History history, EpochResult epoch)
    {
        if (epoch.Epoch % Every != 0)
        {
            return false;
        }
        if (BestOnly)
        {
            double value = Monitored.Cost(history, epoch, Monitor, Watcher);
            if (!(value < _best))
            {
                return false;
            }
            _best = value;
        }
        SavedEpoch = epoch.Epoch;
        return true;
    }

    private void Save(Model model, string path)
    {
        switch (model)
        {
            case not null when _save is not null: _save(model, path); break;
            case Sequential chain: chain.Save(path); break;
            case Graph graph: graph.Save(path); break;
        }
    }
}
