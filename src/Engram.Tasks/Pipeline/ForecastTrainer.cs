using Engram.Data;
using Engram.Training;

namespace Engram.Tasks;

/// <summary>From a plan to a scored forecaster.</summary>
internal sealed class ForecastTrainer
{
    private readonly ForecastPlan _plan;
    private readonly ForecastOptions _options;
    private readonly Device? _device;
    private readonly IProgress<ForecastProgress>? _progress;
    private readonly TimeProvider _clock;
    private readonly CancellationToken _cancellation;

    public ForecastTrainer(
        ForecastPlan plan, Device? device, IProgress<ForecastProgress>? progress, TimeProvider? clock, CancellationToken cancellation)
    {
        (_plan, _options, _device, _progress, _cancellation) = (plan, plan.Options, device, progress, cancellation);
        _clock = clock ?? TimeProvider.System;
        Model = MakeModel();
    }

    /// <summary>The network in training.</summary>
    public Sequential Model { get; }

    /// <summary>The epoch, from 1, whose weights are the best so far.</summary>
    public int BestEpoch => Stopping.BestEpoch;

    private EarlyStopping Stopping { get; set; } = new();

    /// <summary>The forecaster as it is at this moment, without scores.</summary>
    public Forecaster Snapshot() => new(Model, Document());

    /// <summary>Trains the network.</summary>
    /// <param name="run">How often checkpoints and gradients are written; nothing is where null.</param>
    /// <param name="checkpoint">The file to continue from where it exists, and to keep for continuing; none where null.</param>
    /// <param name="callbacks">What is told beside, after the best weights are known.</param>
    /// <returns>The history; <see cref="StopReason.Cancelled"/> where training was cancelled.</returns>
    public History Train(ForecastRunOptions? run = null, string? checkpoint = null, params IReadOnlyList<Callback> callbacks)
    {
        Stopping = new EarlyStopping(_options.Patience == 0 ? int.MaxValue : _options.Patience);
        List<Callback> all = [Stopping, .. callbacks];
        if (_options.TimeLimit is { } limit)
        {
            all.Add(new TimeLimit(_clock, limit));
        }
        Model.Compile(MakeOptimizer(), Loss.MeanSquaredError);
        return Model.Fit(_plan.Series.Samples(_plan.Training), new FitOptions
        {
            Epochs = _options.Epochs,
            BatchSize = _options.BatchSize,
            Seed = _options.Seed,
            Schedule = _options.Schedule is { } schedule ? LearningRateSchedule.Parse(schedule) : null,
            ValidationSource = _plan.Validation.Count > 0 ? _plan.Series.Samples(_plan.Validation) : null,
            Callbacks = all,
            Progress = Progress(ForecastStage.Training),
            Cancellation = _cancellation,
            CheckpointPath = checkpoint,
            CheckpointEpochs = run?.CheckpointEpochs ?? 1,
            CheckpointInterval = run?.CheckpointInterval ?? Timeout.InfiniteTimeSpan,
            GradientStatistics = run?.GradientStatistics ?? 0,
            Resume = checkpoint is not null,
        });
    }

    /// <summary>Scores network and baselines and, where asked for, refits.</summary>
    public Forecaster Finish(History history)
    {
        _progress?.Report(new ForecastProgress(ForecastStage.Scoring, null));
        SeriesData data = _plan.Data;
        ForecastSpec spec = _plan.Spec;
        ForecastRows testRows = _plan.Series.Predict(Model, _plan.Test, _cancellation);
        ForecastMetrics test = Scores.Of(testRows, spec);
        ForecastMetrics? validation = _plan.Validation.Count == 0 ? null
            : Scores.Of(_plan.Series.Predict(Model, _plan.Validation, _cancellation), spec);
        LinearAutoregression? linear = FitLinear();
        ForecastBaselines baselines = Scores.Baselines(data, spec, _plan.Test, linear, _cancellation);
        ReportTraining training = new(history.Epochs.Count, BestEpoch, history.Epochs.Sum(epoch => epoch.Seconds), Stopped(history.Stopped));
        (Sequential model, ForecastSpec final) = _options.Refit ? Refit(Math.Max(1, BestEpoch), history) : (Model, spec);
        ForecastReport report = new()
        {
            Seed = _options.Seed,
            Data = _plan.DataReport(),
            Split = _plan.Split(),
            Model = ReportParts.Of(Model, _options.Cell),
            Training = training,
            Metrics = new ReportMetrics(test, validation),
            Baselines = baselines,
            Verdict = Scores.Verdict(test, baselines),
        };
        return new Forecaster(model, Document() with { Spec = final, Linear = LinearDocument.Of(linear), Report = report })
        {
            Training = new ForecastTraining(history, testRows, () => ForecastPictures.Of(data, testRows, _plan.TestStart)),
        };
    }

    private ForecastDocument Document() => new()
    {
        Spec = _plan.Spec,
        Tail = ForecastTail.Of(_plan.Data, _plan.Spec.ReachBack),
        Options = _options with { TestTable = null, Season = _plan.Season, Difference = _plan.Spec.Difference },
        Files = _plan.Table.Files,
        Sha256 = _plan.Table.Sha256,
    };

    private LinearAutoregression? FitLinear()
    {
        int inputs = _options.Window * _plan.Data.FeatureCount;
        if (inputs > LinearAutoregression.MostInputs)
        {
            _plan.Notes.Add($"There is no linear baseline: {inputs} inputs are more than {LinearAutoregression.MostInputs}.");
            return null;
        }
        using ProfileSpan span = Profile.Measure("linear baseline");
        return LinearAutoregression.Fit(_plan.Data, _plan.Spec, _plan.Training, .._plan.ValidationStart, _cancellation);
    }

    /// <summary>Trains a fresh network on all rows.</summary>
    private (Sequential Model, ForecastSpec Spec) Refit(int epochs, History earlier)
    {
        _progress?.Report(new ForecastProgress(ForecastStage.Refitting, null));
        ForecastSpec spec = ForecastSpecFit.Fit(_plan.Data, .., _options with { Difference = _plan.Spec.Difference }, _plan.Season, []);
        // The unit of MASE stays that of the part the scores were made with.
        spec = spec with { NaiveError = _plan.Spec.NaiveError };
        ForecastSeries series = new(_plan.Data, spec);
        Sequential model = MakeModel();
        model.Compile(MakeOptimizer(), Loss.MeanSquaredError);
        History history = model.Fit(series.Samples(series.Windows(Range.All)), new FitOptions
        {
            Epochs = epochs,
            BatchSize = _options.BatchSize,
            Seed = _options.Seed,
            Schedule = _options.Schedule is null ? null : new RepeatedRates(earlier),
            Progress = Progress(ForecastStage.Refitting),
            Cancellation = _cancellation,
        });
        if (history.Stopped == StopReason.Cancelled)
        {
            throw new OperationCanceledException(_cancellation);
        }
        _plan.Notes.Add($"The model was trained once more on all rows, for {Quantity.Of(epochs, "epoch")}; the scores are those of the model before.");
        return (model, spec);
    }

    private Sequential MakeModel()
    {
        List<Layer> layers = [];
        for (int i = 0; i < _options.Units.Count; i++)
        {
            layers.Add(Cells.MakeLayer(
                _options, _options.Units[i], sequences: i < _options.Units.Count - 1, First(Initializer.GlorotUniform), First(Initializer.Orthogonal)));
            if (_options.Dropout > 0)
            {
                layers.Add(new Dropout(_options.Dropout));
            }
        }
        layers.Add(new Dense(_options.Horizon) { KernelInitializer = First(Initializer.GlorotUniform) });
        return new Sequential(layers) { Device = _device ?? Device.Default };
    }

    private Initializer First(Initializer usual) => _options.InitialRange is { } range ? Initializer.Uniform((float)range) : usual;

    private Optimizer MakeOptimizer() => OptimizerMaker.Make(_options);

    private StageProgress? Progress(ForecastStage stage) => _progress is null ? null : new StageProgress(_progress, stage);

    private static string Stopped(StopReason reason) => reason switch
    {
        StopReason.Patience => "patience",
        StopReason.Callback => "time limit",
        _ => "epochs",
    };

    private sealed class StageProgress(IProgress<ForecastProgress> receiver, ForecastStage stage) : IProgress<FitProgress>
    {
        public void Report(FitProgress value) => receiver.Report(new ForecastProgress(stage, value));
    }
}
