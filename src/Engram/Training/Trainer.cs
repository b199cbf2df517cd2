using System.Globalization;
using System.Runtime.ExceptionServices;
using Engram.Optimizers;

namespace Engram.Training;

/// <summary>The training loop.</summary>
internal sealed partial class Trainer
{
    private readonly Model _model;
    private readonly Optimizer _optimizer;
    private readonly Loss _loss;
    private readonly ISampleSource _samples;
    private readonly ISampleSource? _validation;
    private readonly FitOptions _options;
    private readonly TrainingContext _context;
    private readonly RandomStream _random;
    private readonly EpochOrder _order;
    private readonly BatchStep _step;
    private readonly IWeightAverage? _average;
    private readonly TimeProvider _clock;
    private double _initialRate;
    private bool _averagesAreIn;

    public Trainer(Model model, ISampleSource samples, FitOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Epochs, 1, nameof(options) + "." + nameof(options.Epochs));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1, nameof(options) + "." + nameof(options.BatchSize));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ValidationBatchSize ?? 1, 1, nameof(options) + "." + nameof(options.ValidationBatchSize));
        ArgumentOutOfRangeException.ThrowIfNegative(options.GradientStatistics, nameof(options) + "." + nameof(options.GradientStatistics));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.CheckpointEpochs, 1, nameof(options) + "." + nameof(options.CheckpointEpochs));
        if (options.CheckpointInterval < TimeSpan.Zero && options.CheckpointInterval != Timeout.InfiniteTimeSpan)
        {
            throw new ArgumentOutOfRangeException(nameof(options), options.CheckpointInterval, "CheckpointInterval is at least zero, or Timeout.InfiniteTimeSpan.");
        }
        if (options.Resume && options.CheckpointPath is null)
        {
            throw new ArgumentException("Resume goes on from a checkpoint, but CheckpointPath names none.", nameof(options));
        }
        if (samples.Count == 0)
        {
            throw new ArgumentException("There is not one sample to train on.", nameof(samples));
        }
        const string compileFirst = "Compile the model first: model.Compile(optimizer, loss).";
        (_model, _samples, _options, _clock) = (model, samples, options, options.Clock);
        _optimizer = model.Optimizer ?? throw new InvalidOperationException(compileFirst);
        _loss = model.Loss ?? throw new InvalidOperationException(compileFirst);
        _validation = options.ValidationSource ?? (options.ValidationData is { } data ? new ArraySource(data.X, data.Y, options.ValidationMask) : null);
        if (_validation is not null)
        {
            SeveralSources.RequireSameKind(samples, _validation);
        }
        if (_validation is { } validation && (validation.InputShape.Rank != samples.InputShape.Rank || validation.Count == 0))
        {
            throw new ShapeException($"Validation samples of shape {validation.InputShape} ({validation.Count} of them) do not fit training samples of shape {samples.InputShape}.");
        }
        if (options.CarryState && _validation is not null)
        {
            BatchStep.RequireWholeBatches(_validation.Count, ValidationBatchSize, "validation samples", nameof(options));
        }
        IWeightAverage[] averages = [.. new object[] { _optimizer }.Concat(options.Callbacks).OfType<IWeightAverage>()];
        _average = averages.Length < 2 ? averages.FirstOrDefault()
            : throw new ArgumentException("Two average the weights: leave either averaged SGD or weight averaging out.", nameof(options));
        _context = new TrainingContext(model, options, new History { Metrics = model.Metrics });
        _random = new RandomStream(options.Seed);
        _order = new EpochOrder(samples, options.BatchSize);
        _step = new BatchStep(model, _loss, _optimizer, samples, options);
    }

    private int Batches => (_samples.Count - 1) / _options.BatchSize + 1;

    private int ValidationBatchSize => _options.ValidationBatchSize ?? (_options.CarryState ? _options.BatchSize : 256);

    public History Run()
    {
        _model.BuildFor(_samples, _options.Seed);
        if (_options.Truncation is not null || _options.CarryState)
        {
            _model.RequireStepByStep(); // sequences come in pieces
        }
        _optimizer.Begin(_model);
        int epoch = Start(), started = 0;
        bool wasCut = false;
        ExceptionDispatchInfo? failure = null;
        try
        {
            for (; started < _options.Callbacks.Count; started++)
            {
                _options.Callbacks[started].OnTrainingStart(_context);
            }
            if (epoch == 0 && _batchesDone == 0)
            {
                SaveCheckpoint();
            }
            while (epoch < _options.Epochs && _context.StopRequested is null)
            {
                epoch++;
                if (!RunEpoch(epoch))
                {
                    wasCut = true;
                    break;
                }
                if (epoch % _options.CheckpointEpochs == 0)
                {
                    SaveCheckpoint();
                }
            }
            SaveUnsaved();
            _context.History.Stopped = _context.StopRequested ?? (wasCut ? StopReason.Cancelled : StopReason.Finished);
        }
        catch (Exception exception)
        {
            _context.History.Stopped = exception is TrainingDivergedException ? StopReason.Diverged : StopReason.Failed;
            failure = ExceptionDispatchInfo.Capture(exception);
        }
        Finally(() => SetAverages(true));
        // Where one failed at the start, those behind it may still remember an earlier training.
        foreach (Callback callback in _options.Callbacks.Take(started))
        {
            Finally(() => callback.OnTrainingEnd(_context));
        }
        if (_options.Schedule is not null)
        {
            _optimizer.LearningRate = _initialRate;
        }
        _model.Device.Backend.TrimPool();
        failure?.Throw();
        return _context.History;

        void Finally(Action action)
        {
            try
            {
                action();
            }
            catch (Exception exception)
            {
                failure ??= ExceptionDispatchInfo.Capture(exception); // what failed first is told
            }
        }
    }

    /// <returns>Whether the epoch was done, and not cancelled or stopped.</returns>
    private bool RunEpoch(int epoch)
    {
        using ProfileSpan span = Profile.Measure("epoch");
        long start = _clock.GetTimestamp();
        OrderSamples(epoch);
        _step.EnterEpoch(_random.Derive("samples").Derive(epoch));
        RandomStream random = _random.Derive("training").Derive(epoch);
        double? lastValidation = _context.History.Epochs is [.., var last] ? last.ValidationLoss : null;
        if (_batchesDone == 0)
        {
            _step.Begin();
        }
        int seen = (int)Math.Min((long)_batchesDone * _options.BatchSize, _samples.Count);
        while (_batchesDone < Batches)
        {
            if (_options.Cancellation.IsCancellationRequested || _context.StopsNow)
            {
                return Leave(start);
            }
            int batch = _batchesDone + 1;
            ReadOnlySpan<int> samples = _order.Samples.Slice(seen, Math.Min(_options.BatchSize, _samples.Count - seen));
            SetLearningRate(epoch, batch);
            _step.MeasuresGradients = _options.GradientStatistics > 0 && batch % _options.GradientStatistics == 0;
            double loss = _step.Run(samples, random);
            if (_step.Fault is { } fault)
            {
                throw new TrainingDivergedException(fault, epoch, batch, _options.CheckpointPath);
            }
            _context.Gradients = _step.Gradients;
            seen += samples.Length;
            (_batchesDone, _isSaved) = (batch, false);
            var progress = new FitProgress(epoch, _options.Epochs, batch, Batches, _step.EpochLoss.Value, lastValidation) { BatchLoss = loss };
            for (int i = 0; i < _options.Callbacks.Count; i++)
            {
                _options.Callbacks[i].OnBatchEnd(_context, progress);
            }
            _options.Progress?.Report(progress);
            SaveWhereDue(start);
        }
        return (!_context.StopsNow && FinishEpoch(epoch, start)) || Leave(start);
    }

    /// <summary>The epoch is left where it is.</summary>
    private bool Leave(long start)
    {
        SetAverages(false);
        _secondsBefore += _clock.GetElapsedTime(start).TotalSeconds;
        return false;
    }

    /// <returns>Whether the epoch was measured, and not cancelled meanwhile.</returns>
    private bool FinishEpoch(int epoch, long start)
    {
        var values = new Dictionary<string, double> { ["loss"] = _step.EpochLoss.Value };
        if (_step.Penalty is { } penalty)
        {
            values["penalty"] = penalty;
        }
        SetAverages(true);
        if (_validation is not null)
        {
            using ProfileSpan span = Profile.Measure("validation");
            try
            {
                foreach ((string name, double value) in _model.Evaluate(_validation, ValidationBatchSize, _options.CarryState, _options.Cancellation))
                {
                    values["val_" + name] = value;
                }
            }
            catch (OperationCanceledException) when (_options.Cancellation.IsCancellationRequested)
            {
                return false;
            }
        }
        if (_validation is not null && values["val_loss"] is var validationLoss && !double.IsFinite(validationLoss))
        {
            throw new TrainingDivergedException(Divergence.OfValidation(validationLoss, _model, _validation, ValidationBatchSize), epoch, Batches, _options.CheckpointPath);
        }
        var result = new EpochResult(epoch, _secondsBefore + _clock.GetElapsedTime(start).TotalSeconds, _optimizer.LearningRate, values);
        _context.History.Add(result);
        foreach (Callback callback in _options.Callbacks)
        {
            callback.OnEpochEnd(_context, result);
        }
        SetAverages(false);
        _optimizer.OnEpochEnd(_model, _context.History);
        (_batchesDone, _secondsBefore, _isSaved) = (0, 0, false);
        return true;
    }

    /// <summary>Lets the averages of the weights stand in the model, where there are any, or the weights themselves.</summary>
    private void SetAverages(bool averages)
    {
        if (_average is { IsAveraging: true } && _averagesAreIn != averages)
        {
            _average.Swap(_model);
            _averagesAreIn = averages;
        }
    }

    private void SetLearningRate(int epoch, int batch)
    {
        if (_options.Schedule is { } schedule)
        {
            var position = new TrainingPosition(epoch - 1 + (batch - 1.0) / Batches, _options.Epochs, Batches, _context.History);
            double rate = schedule.RateAt(_initialRate, position);
            if (!(rate >= 0 && double.IsFinite(rate)))
            {
                throw new InvalidOperationException(string.Create(
                    CultureInfo.InvariantCulture, $"The schedule {schedule} gives the learning rate {rate} in epoch {epoch}, batch {batch}, but rates are finite numbers above 0."));
            }
            _optimizer.LearningRate = Math.Max(double.Epsilon, rate); // the end of a cosine may round to nothing
        }
    }

    private void OrderSamples(int epoch)
    {
        if (_options.Shuffle)
        {
            _order.Shuffle(_random.Derive("shuffle").Derive(epoch));
        }
        else
        {
            _order.Reset();
        }
    }
}
