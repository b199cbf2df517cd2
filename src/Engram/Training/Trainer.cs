using System.Diagnostics;
using System.Globalization;
using Engram.Optimizers;

namespace Engram.Training;

/// <summary>The training loop.</summary>
internal sealed class Trainer
{
    private readonly Model _model;
    private readonly Optimizer _optimizer;
    private readonly Loss _loss;
    private readonly ISampleSource _samples;
    private readonly ISampleSource? _validation;
    private readonly FitOptions _options;
    private readonly TrainingContext _context;
    private readonly RandomStream _random;
    private readonly int[] _order;
    private readonly BatchStep _step;
    private readonly IWeightAverage? _average;
    private double _initialRate;
    private bool _averagesAreIn;

    public Trainer(Model model, ISampleSource samples, FitOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Epochs, 1, nameof(options) + "." + nameof(options.Epochs));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchSize, 1, nameof(options) + "." + nameof(options.BatchSize));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.ValidationBatchSize ?? 1, 1, nameof(options) + "." + nameof(options.ValidationBatchSize));
        if (options.Resume && options.CheckpointPath is null)
        {
            throw new ArgumentException("Resume goes on from a checkpoint, but CheckpointPath names none.", nameof(options));
        }
        if (samples.Count == 0)
        {
            throw new ArgumentException("There is not one sample to train on.", nameof(samples));
        }
        const string compileFirst = "Compile the model first: model.Compile(optimizer, loss).";
        (_model, _samples, _options) = (model, samples, options);
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
        _order = new int[samples.Count];
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
        int epoch = Start(), started = 0;
        try
        {
            for (; started < _options.Callbacks.Count; started++)
            {
                _options.Callbacks[started].OnTrainingStart(_context);
            }
            if (epoch == 0)
            {
                SaveCheckpoint();
            }
            while (epoch < _options.Epochs && _context.StopRequested is null)
            {
                epoch++;
                if (!RunEpoch(epoch))
                {
                    _context.History.Stopped = StopReason.Cancelled;
                    return _context.History;
                }
                SaveCheckpoint();
            }
            _context.History.Stopped = _context.StopRequested ?? StopReason.Finished;
            return _context.History;
        }
        catch (Exception exception)
        {
            _context.History.Stopped = exception is TrainingDivergedException ? StopReason.Diverged : StopReason.Failed;
            throw;
        }
        finally
        {
            SetAverages(true);
            // Where one failed at the start, those behind it may still remember an earlier training.
            for (int i = 0; i < started; i++)
            {
                _options.Callbacks[i].OnTrainingEnd(_context);
            }
            if (_options.Schedule is not null)
            {
                _optimizer.LearningRate = _initialRate;
            }
            _model.Device.Backend.TrimPool();
        }
    }

    /// <summary>From the checkpoint or from the beginning.</summary>
    /// <returns>Epochs that are done.</returns>
    private int Start()
    {
        _initialRate = _optimizer.LearningRate;
        if (_options.CheckpointPath is { } path && _options.Resume && File.Exists(path))
        {
            var checkpoint = new CheckpointReader(path, _model);
            checkpoint.Restore(_optimizer, _context.History, Conditions(), _options.Callbacks);
            _initialRate = checkpoint.Rate("initialLearningRate");
            return _context.History.Epochs.Count;
        }
        _average?.Forget();
        return 0;
    }

    private void SaveCheckpoint()
    {
        if (_options.CheckpointPath is { } path)
        {
            using ProfileSpan span = Profile.Measure("write checkpoint");
            var checkpoint = new CheckpointWriter(_model);
            checkpoint.Set("initialLearningRate", _initialRate.ToString("R", CultureInfo.InvariantCulture));
            checkpoint.Write(path, _optimizer, _context.History, Conditions(), _options.Callbacks);
        }
    }

    /// <summary>What must be the same where a run goes on, so that it ends as if it had not been cut.</summary>
    private (string Key, string Value)[] Conditions() =>
    [
        ("optimizer", _optimizer.Name),
        ("optimizer settings", _optimizer.Describe(_model.Parameters)),
        ("loss", _loss.Name),
        ("loss settings", _loss.ToString()),
        ("seed", _options.Seed.ToString(CultureInfo.InvariantCulture)),
        ("batch size", _options.BatchSize.ToString(CultureInfo.InvariantCulture)),
        ("schedule", _options.Schedule?.ToString() ?? "none"),
        .. _options.Schedule is { RunsOverAllEpochs: true } ? [("epochs", _options.Epochs.ToString(CultureInfo.InvariantCulture))] : Array.Empty<(string, string)>(),
        ("shuffling", _options.Shuffle ? "on" : "off"),
        ("truncation", _options.Truncation?.ToString() ?? "none"),
        ("carried states", _options.CarryState ? "on" : "off"),
        ("training samples", Describe(_samples)),
        ("validation samples", _validation is null ? "none" : Describe(_validation)),
        ("validation batch size", ValidationBatchSize.ToString(CultureInfo.InvariantCulture)),
    ];

    private static string Describe(ISampleSource samples)
    {
        (string inputs, string targets) = samples is SeveralSources several
            ? (Shapes(several.Inputs.Select(source => source.InputShape)), Shapes(several.Targets.Select(source => source.TargetShape))) : (samples.InputShape.ToString(), samples.TargetShape.ToString());
        return string.Create(CultureInfo.InvariantCulture, $"{samples.Count} of {inputs} → {targets}");

        static string Shapes(IEnumerable<Shape> shapes) => string.Join(", ", shapes);
    }

    /// <returns>Whether the epoch was done, and not cancelled.</returns>
    private bool RunEpoch(int epoch)
    {
        using ProfileSpan span = Profile.Measure("epoch");
        long start = Stopwatch.GetTimestamp();
        ShuffleOrder(epoch);
        RandomStream random = _random.Derive("training").Derive(epoch);
        double? lastValidation = _context.History.Epochs is [.., var last] ? last.ValidationLoss : null;
        _step.Begin();
        int seen = 0;
        for (int batch = 1; batch <= Batches; batch++)
        {
            if (_options.Cancellation.IsCancellationRequested)
            {
                return false;
            }
            ReadOnlySpan<int> samples = _order.AsSpan(seen, Math.Min(_options.BatchSize, _samples.Count - seen));
            SetLearningRate(epoch, batch);
            double loss = _step.Run(samples, random);
            if (!double.IsFinite(loss))
            {
                throw new TrainingDivergedException($"the loss is {loss.ToString(CultureInfo.InvariantCulture)}{FirstBadParameter()}", epoch, batch);
            }
            seen += samples.Length;
            var progress = new FitProgress(epoch, _options.Epochs, batch, Batches, _step.EpochLoss.Value, lastValidation) { BatchLoss = loss };
            for (int i = 0; i < _options.Callbacks.Count; i++)
            {
                _options.Callbacks[i].OnBatchEnd(_context, progress);
            }
            _options.Progress?.Report(progress);
        }
        if (FirstBadParameter() is { Length: > 0 } bad)
        {
            throw new TrainingDivergedException("after its last step" + bad, epoch, Batches);
        }
        return FinishEpoch(epoch, start);
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
        var result = new EpochResult(epoch, Stopwatch.GetElapsedTime(start).TotalSeconds, _optimizer.LearningRate, values);
        _context.History.Add(result);
        foreach (Callback callback in _options.Callbacks)
        {
            callback.OnEpochEnd(_context, result);
        }
        SetAverages(false);
        _optimizer.OnEpochEnd(_model, _context.History);
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
            // The end of a cosine may round to nothing.
            _optimizer.LearningRate = Math.Max(double.Epsilon, schedule.RateAt(_initialRate, position));
        }
    }

    private void ShuffleOrder(int epoch)
    {
        for (int i = 0; i < _order.Length; i++)
        {
            _order[i] = i;
        }
        if (_options.Shuffle)
        {
            _random.Derive("shuffle").Derive(epoch).Shuffle(_order);
        }
    }

    /// <summary>Names the first parameter that holds something other than finite numbers; empty where all is well.</summary>
    private string FirstBadParameter()
    {
        foreach (Parameter parameter in _model.Parameters)
        {
            if (!double.IsFinite(_model.Device.Backend.SumOfSquares(parameter.Value, parameter.Shape.Count)))
            {
                return $", and the weights {parameter.Name} are no longer finite";
            }
        }
        return "";
    }
}
