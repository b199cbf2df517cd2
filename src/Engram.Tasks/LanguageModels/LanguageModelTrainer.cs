using System.Globalization;
using Engram.Training;

namespace Engram.Tasks;

/// <summary>From a plan to a scored language model.</summary>
internal sealed class LanguageModelTrainer : ITaskTrainer<LanguageModel>
{
    private const double Negligible = 0.5;
    private const int SampleLength = 1000;

    private readonly LanguageModelPlan _plan;
    private readonly LanguageModelOptions _options;
    private readonly TaskEnvironment _environment;
    private readonly NetworkTraining _training;
    private readonly Sequential _model;

    public LanguageModelTrainer(LanguageModelPlan plan, TaskEnvironment environment)
    {
        (_plan, _options, _environment) = (plan, plan.Options, environment);
        _training = new NetworkTraining(_options, environment);
        _model = LanguageModelNetwork.Make(_options, plan.Encoder.Vocabulary.Count, environment.Device ?? Device.Default);
        _model.Build(new Shape(_options.Steps), _options.Seed);
        LearntStart.Begin(_model, plan.Vectors);
    }

    /// <summary>The column of texts in the files; null where the files are text.</summary>
    public string? TextColumn { get; init; }

    public string DataSha256 => _plan.Corpus.Sha256;

    public string? TestSha256 => _plan.BesideSha256;

    public string? LearntSha256 => _plan.Vectors?.Sha256;

    public int BestEpoch => _training.BestEpoch;

    public void SaveSnapshot(string path) => new LanguageModel(_model, _plan.Encoder, Document()).Save(path);

    public History Train(RunOptions? run = null, string? checkpoint = null, params IReadOnlyList<Callback> callbacks)
    {
        _model.Compile(OptimizerMaker.Make(_options, LearntStart.Rates(_options, [LearntStart.Words(_model)])), Loss.SparseCategoricalCrossEntropy());
        TokenStreams? validation = _plan.Validation is { } text ? LanguageModel.Streams(text, _options, wholeWindowsOnly: false) : null;
        SampleFeed feed = new(LanguageModel.Streams(_plan.Training, _options, wholeWindowsOnly: true), validation)
        {
            CarryState = true,
            ValidationBatchSize = validation?.StreamCount,
            LossFactor = _options.Steps,
            Callbacks = LearntStart.Freezing(_options, [LearntStart.Words(_model)]),
        };
        return _training.Train(_model, feed, run, checkpoint, callbacks);
    }

    public LanguageModel Finish(History history)
    {
        _environment.Begin(TaskStage.Scoring);
        LanguageModel model = new(_model, _plan.Encoder, Document());
        LanguageModelMetrics? test = Score(_plan.Test), validation = Score(_plan.Validation);
        LanguageModelText scored = _plan.Test ?? _plan.Validation ?? _plan.Training;
        LanguageModelBaselines baselines = new(scored.Unigram(_plan.Counts));
        LanguageModelReport report = new()
        {
            Seed = _options.Seed,
            Data = _plan.DataReport(),
            Split = _plan.Split(),
            Model = ReportParts.Of(_model, _options, _plan.Vectors),
            Training = _training.Report(history),
            Metrics = new LanguageModelScores(test, validation),
            Baselines = baselines,
            Verdict = Verdict(test ?? validation ?? Score(_plan.Training)!, baselines),
        };
        return new LanguageModel(_model, _plan.Encoder, Document() with { Report = report }) { History = history };

        LanguageModelMetrics? Score(LanguageModelText? text) => text is null ? null : model.Score(text, _environment.Cancellation);
    }

    public void Write(LanguageModel trained, RunFolder folder)
    {
        folder.WriteResult("sample.txt", writer => writer.WriteLine(trained.Generate("", new GenerationOptions { Length = SampleLength, Temperature = 0.8, Seed = _options.Seed })));
        trained.Save(folder.Model);
        folder.WriteReport(trained.Report!.ToJson());
    }

    /// <summary>The result in words, against the unigram model by perplexity.</summary>
    internal static string Verdict(LanguageModelMetrics metrics, LanguageModelBaselines baselines)
    {
        const double countable = 11;
        double times = metrics.Perplexity / baselines.Unigram.Perplexity, percent = 100 * (1 - times);
        return times > countable ? string.Create(CultureInfo.InvariantCulture, $"worse than the baseline (unigram): {times:N0} times its perplexity")
            : Math.Abs(percent) < Negligible
            ? string.Create(CultureInfo.InvariantCulture, $"no better than the baseline (unigram): the perplexity differs by less than {Negligible}%")
            : string.Create(CultureInfo.InvariantCulture, $"{(percent > 0 ? "better" : "worse")} than the baseline (unigram) by {Math.Abs(percent):F1}% perplexity");
    }

    private LanguageModelDocument Document() => new()
    {
        Encoder = _plan.Encoder.ToDocument(),
        Unigram = _plan.Counts,
        Options = _options with { TestText = null, ValidationText = null },
        Files = _plan.Corpus.Files,
        Sha256 = _plan.Corpus.Sha256,
        TextColumn = TextColumn,
    };
}
