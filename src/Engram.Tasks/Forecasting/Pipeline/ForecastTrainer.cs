using Engram.Data;
using Engram.Training;

namespace Engram.Tasks;

/// <summary>From a plan to a scored forecaster.</summary>
internal sealed class ForecastTrainer : ITaskTrainer<Forecaster>
{
    private readonly ForecastPlan _plan;
    private readonly ForecastOptions _options;
    private readonly TaskEnvironment _environment;
    private readonly NetworkTraining _training;

    public ForecastTrainer(ForecastPlan plan, TaskEnvironment environment)
    {
        (_plan, _options, _environment) = (plan, plan.Options, environment);
        _training = new NetworkTraining(_options, environment);
        Model = MakeModel();
    }

    /// <summary>The network in training.</summary>
    public Sequential Model { get; }

    public string DataSha256 => _plan.Table.Sha256;

    public string? TestSha256 => _options.TestTable?.Sha256;

    public CsvSource? Input { get; init; }

    public int BestEpoch => _training.BestEpoch;

    public void SaveSnapshot(string path) => new Forecaster(Model, Document()).Save(path);

    public History Train(RunOptions? run = null, string? checkpoint = null, params IReadOnlyList<Callback> callbacks)
    {
        Model.Compile(OptimizerMaker.Make(_options), Loss.MeanSquaredError);
        SampleFeed feed = new(
            _plan.Series.Samples(_plan.Training), _plan.Validation.Count > 0 ? _plan.Series.Samples(_plan.Validation) : null);
        return _training.Train(Model, feed, run, checkpoint, callbacks);
    }

    public void Write(Forecaster trained, RunFolder folder)
    {
        folder.WriteResult("predictions.csv", writer => ForecastCsv.Write(writer, trained.Training!.TestRows));
        trained.Save(folder.Model);
        folder.WriteReport(trained.Report!.ToJson());
    }

    /// <summary>Scores network and baselines and, where asked for, refits.</summary>
    public Forecaster Finish(History history)
    {
        _environment.Begin(TaskStage.Scoring);
        SeriesData data = _plan.Data;
        ForecastSpec spec = _plan.Spec;
        ForecastRows testRows = _plan.Series.Predict(Model, _plan.Test, _environment.Cancellation);
        ForecastMetrics test = Scores.Of(testRows, spec);
        ForecastMetrics? validation = _plan.Validation.Count == 0 ? null
            : Scores.Of(_plan.Series.Predict(Model, _plan.Validation, _environment.Cancellation), spec);
        LinearAutoregression? linear = FitLinear();
        ForecastBaselines baselines = Scores.Baselines(data, spec, _plan.Test, linear, _environment.Cancellation);
        (Sequential model, ForecastSpec final) = _options.Refit ? Refit(Math.Max(1, BestEpoch), history) : (Model, spec);
        ForecastReport report = new()
        {
            Seed = _options.Seed,
            Data = _plan.DataReport(),
            Split = _plan.Split(),
            Model = ReportParts.Of(Model, _options.Cell),
            Training = _training.Report(history),
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
        return LinearAutoregression.Fit(_plan.Data, _plan.Spec, _plan.Training, .._plan.ValidationStart, _environment.Threads, _environment.Cancellation);
    }

    /// <summary>Trains a fresh network on all rows.</summary>
    private (Sequential Model, ForecastSpec Spec) Refit(int epochs, History earlier)
    {
        _environment.Begin(TaskStage.Refitting);
        ForecastSpec spec = ForecastSpecFit.Fit(_plan.Data, .., _options with { Difference = _plan.Spec.Difference }, _plan.Season, []);
        // The unit of MASE stays that of the part the scores were made with.
        spec = spec with { NaiveError = _plan.Spec.NaiveError };
        ForecastSeries series = new(_plan.Data, spec);
        Sequential model = MakeModel();
        model.Compile(OptimizerMaker.Make(_options), Loss.MeanSquaredError);
        History history = model.Fit(series.Samples(series.Windows(Range.All)), new FitOptions
        {
            Epochs = epochs,
            BatchSize = _options.BatchSize,
            Seed = _options.Seed,
            Schedule = _options.Schedule is null ? null : new RepeatedRates(earlier),
            Progress = _environment.During(TaskStage.Refitting),
            Cancellation = _environment.Cancellation,
        });
        if (history.Stopped == StopReason.Cancelled)
        {
            throw new OperationCanceledException(_environment.Cancellation);
        }
        _plan.Notes.Add($"The model was trained once more on all rows, for {Quantity.Of(epochs, "epoch")}; the scores are those of the model before.");
        return (model, spec);
    }

    private Sequential MakeModel()
    {
        List<Layer> layers = [];
        for (int i = 0; i < _options.Units.Count; i++)
        {
            layers.Add(Cells.MakeLayer(_options, _options.Units[i], sequences: i < _options.Units.Count - 1));
            if (_options.Dropout > 0)
            {
                layers.Add(new Dropout(_options.Dropout));
            }
        }
        layers.Add(new Dense(_options.Horizon) { KernelInitializer = _options.First(Initializer.GlorotUniform) });
        return new Sequential(layers) { Device = _environment.Device ?? Device.Default };
    }
}
