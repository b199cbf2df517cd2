using System.Globalization;
using Engram.Files;

namespace Engram.Training;

/// <content>Where training begins, and what it writes down to go on from.</content>
internal sealed partial class Trainer
{
    /// <summary>Batches of the epoch at hand that are done; 0 between two epochs.</summary>
    private int _batchesDone;

    /// <summary>What the epoch at hand took before it was cut.</summary>
    private double _secondsBefore;

    /// <summary>Whether the checkpoint is of this moment.</summary>
    private bool _isSaved;

    private long _lastCheckpoint;

    /// <summary>From the checkpoint or from the beginning.</summary>
    /// <returns>Epochs that are done.</returns>
    private int Start()
    {
        _initialRate = _optimizer.LearningRate;
        _lastCheckpoint = _clock.GetTimestamp();
        if (_options.CheckpointPath is { } file)
        {
            _ = Conditions(); // as the caller gives them: callbacks may freeze weights
            _ = AtomicFile.RemoveLeftovers(Path.GetDirectoryName(Path.GetFullPath(file))!);
        }
        if (_options.CheckpointPath is { } path && _options.Resume && File.Exists(path))
        {
            var checkpoint = new CheckpointReader(path, _model);
            checkpoint.Restore(_optimizer, _context.History, Conditions(), _options.Callbacks);
            _initialRate = checkpoint.Rate("initialLearningRate");
            RestorePosition(checkpoint);
            _isSaved = true;
            return _context.History.Epochs.Count;
        }
        _average?.Forget();
        return 0;
    }

    private void SaveCheckpoint(double secondsOfEpoch = 0)
    {
        if (_options.CheckpointPath is { } path)
        {
            using ProfileSpan span = Profile.Measure("write checkpoint");
            RequireFiniteWeights();
            var checkpoint = new CheckpointWriter(_model);
            checkpoint.Set("initialLearningRate", _initialRate.ToString("R", CultureInfo.InvariantCulture));
            SavePosition(checkpoint, secondsOfEpoch);
            checkpoint.Write(path, _optimizer, _context.History, Conditions(), _options.Callbacks);
            (_isSaved, _lastCheckpoint) = (true, _clock.GetTimestamp());
        }
    }

    /// <summary>A checkpoint is good, whatever callbacks have done to the weights.</summary>
    private void RequireFiniteWeights()
    {
        if (Divergence.InWeights(_model.Device.Backend, _model.Parameters) is { } fault)
        {
            int epochs = _context.History.Epochs.Count;
            (int epoch, int batch) = _batchesDone > 0 ? (epochs + 1, _batchesDone) : (epochs, Batches);
            throw new TrainingDivergedException(fault, epoch, batch, _options.CheckpointPath);
        }
    }

    /// <summary>What was reached since the last checkpoint.</summary>
    private void SaveUnsaved()
    {
        if (!_isSaved)
        {
            SaveCheckpoint(_secondsBefore);
        }
    }

    /// <summary>A checkpoint within an epoch, where the last is long ago.</summary>
    private void SaveWhereDue(long epochStart)
    {
        if (_options.CheckpointPath is not null && _options.CheckpointInterval != Timeout.InfiniteTimeSpan
            && _clock.GetElapsedTime(_lastCheckpoint) >= _options.CheckpointInterval)
        {
            SaveCheckpoint(_secondsBefore + _clock.GetElapsedTime(epochStart).TotalSeconds);
        }
    }

    private void SavePosition(CheckpointWriter checkpoint, double seconds)
    {
        checkpoint.Set("position.batches", _batchesDone.ToString(CultureInfo.InvariantCulture));
        checkpoint.Set("position.seconds", seconds.ToString("R", CultureInfo.InvariantCulture));
        if (_batchesDone > 0)
        {
            _step.Save(checkpoint);
        }
    }

    // Checkpoints of the first version stand between two epochs, and do not say so.
    private void RestorePosition(CheckpointReader checkpoint)
    {
        if (!checkpoint.Has("position.batches"))
        {
            return;
        }
        (_batchesDone, _secondsBefore) = (checkpoint.Integer("position.batches"), checkpoint.Number("position.seconds", 0, double.MaxValue));
        if (_batchesDone > Batches)
        {
            throw checkpoint.Bad("position.batches");
        }
        if (_batchesDone > 0)
        {
            _step.Restore(checkpoint);
        }
    }

    private (string Key, string Value)[]? _conditions;

    /// <summary>What must be the same where a run goes on, so that it ends as if it had not been cut.</summary>
    private (string Key, string Value)[] Conditions() => _conditions ??=
    [
        ("optimizer", _optimizer.Name),
        ("optimizer settings", _optimizer.Describe(_model.Parameters)),
        ("loss", _loss.Name),
        ("loss settings", _loss.ToString()),
        ("seed", _options.Seed.ToString(CultureInfo.InvariantCulture)),
        ("batch size", _options.BatchSize.ToString(CultureInfo.InvariantCulture)),
        ("schedule", _options.Schedule?.ToString() ?? "none"),
        .. _options.Schedule is { RunsOverAllEpochs: true } ? [("epochs", _options.Epochs.ToString(CultureInfo.InvariantCulture))] : Array.Empty<(string, string)>(),
        ("shuffling", _options.Shuffle ? EpochOrder.IsByLength(_samples) ? "by length" : "on" : "off"),
        ("truncation", _options.Truncation?.ToString() ?? "none"),
        .. _options.LossFactor == 1 ? Array.Empty<(string, string)>() : [("loss factor", _options.LossFactor.ToString("R", CultureInfo.InvariantCulture))],
        ("carried states", _options.CarryState ? "on" : "off"),
        ("training samples", Describe(_samples)),
        ("validation samples", _validation is null ? "none" : Describe(_validation)),
        ("validation batch size", ValidationBatchSize.ToString(CultureInfo.InvariantCulture)),
        ("metrics", string.Join(", ", _model.Metrics.Select(metric => metric.Name))),
        ("callbacks", string.Join(", ", _options.Callbacks.Where(callback => callback.Settings is not null).Select(callback => $"{callback.GetType().Name} ({callback.Settings})"))),
        ("layers", ModelArchitecture.Describe(_model)),
        ("penalties", string.Join(", ", _model.Parameters.Where(each => each.Regularizer is not null || each.Constraint is not null).Select(each => $"{each.Name} {each.Regularizer} {each.Constraint}"))),
        ("frozen weights", string.Join(' ', _model.Parameters.Where(parameter => !parameter.IsTrainable).Select(parameter => parameter.Name))),
        ("training data of SHA-256", _samples.Fingerprint()),
        ("validation data of SHA-256", _validation?.Fingerprint() ?? "none"),
    ];

    private static string Describe(ISampleSource samples)
    {
        (string inputs, string targets) = samples is SeveralSources several
            ? (Shapes(several.Inputs.Select(source => source.InputShape)), Shapes(several.Targets.Select(source => source.TargetShape))) : (samples.InputShape.ToString(), samples.TargetShape.ToString());
        return string.Create(CultureInfo.InvariantCulture, $"{samples.Count} of {inputs} → {targets}");

        static string Shapes(IEnumerable<Shape> shapes) => string.Join(", ", shapes);
    }
}
