using System.Security.Cryptography;
using Engram.Data;
using Engram.Training;

namespace Engram.Tasks;

/// <summary>From a plan to a scored classifier.</summary>
internal sealed class ClassifierTrainer : ITaskTrainer<TextClassifier>
{
    private readonly ClassifierPlan _plan;
    private readonly ClassifierOptions _options;
    private readonly TaskEnvironment _environment;
    private readonly NetworkTraining _training;
    private readonly TextEncoder _encoder;
    private readonly Model _model;
    private readonly WordVectors? _vectors;
    private readonly string? _startSha256;

    public ClassifierTrainer(ClassifierPlan plan, TaskEnvironment environment)
    {
        Device device = environment.Device ?? Device.Default;
        LanguageModel? start = null;
        ClassifierOptions options = plan.Options;
        if (options.From is { } path)
        {
            start = LanguageModel.Load(path, device);
            using FileStream file = File.OpenRead(RunFolder.ModelIn(path));
            _startSha256 = Convert.ToHexStringLower(SHA256.HashData(file));
            options = ClassifierNetwork.Options(options, start, plan.Notes);
        }
        _encoder = start?.Encoder
            ?? TextEncoder.Learn(TextsOf(plan.Texts, plan.TrainingSamples), options.Text, environment.Threads, environment.Cancellation);
        BagOfWords.RequireRoom(_encoder.Vocabulary.Count, plan.Classes.Count);
        (options, _vectors) = LearntStart.ReadVectors(options, _encoder.Vocabulary, _encoder.Form(), plan.Notes, environment.Cancellation);
        (_plan, _options, _environment) = (plan, options, environment);
        _training = new NetworkTraining(_options, environment);
        _model = ClassifierNetwork.Make(_options, _encoder.Vocabulary.Count, plan.Classes.Count, device);
        _model.Build(new Shape(_options.Length), _options.Seed);
        LearntStart.Begin(_model, _vectors);
        if (start is not null)
        {
            ClassifierNetwork.Begin(_model, start);
        }
    }

    /// <summary>The columns that the texts and labels came from; null where they came from memory.</summary>
    public (string Text, string Label)? Columns { get; init; }

    public string DataSha256 => _plan.Texts.Sha256;

    public string? TestSha256 => _options.TestTexts?.Sha256;

    public string? LearntSha256 => _vectors?.Sha256 ?? _startSha256;

    public int BestEpoch => _training.BestEpoch;

    public void SaveSnapshot(string path) => new TextClassifier(_model, _encoder, Document()).Save(path);

    public History Train(RunOptions? run = null, string? checkpoint = null, params IReadOnlyList<Callback> callbacks)
    {
        bool isBinary = _plan.Classes.Count == 2;
        IEnumerable<Layer> learnt = _vectors is null ? ClassifierNetwork.Learnt(_model) : [LearntStart.Words(_model)];
        CrossEntropyOptions weights = new() { ClassWeights = Weights() };
        _model.Compile(
            OptimizerMaker.Make(_options, LearntStart.Rates(_options, learnt)),
            isBinary ? Loss.BinaryCrossEntropy(weights) : Loss.SparseCategoricalCrossEntropy(weights),
            isBinary ? Metric.BinaryAccuracy() : Metric.SparseCategoricalAccuracy);
        SampleFeed feed = new(
            Samples(_plan.TrainingSamples, Augmented(TextClassifier.SamplesOf(_options))),
            _plan.ValidationSamples.Length == 0 ? null : Samples(_plan.ValidationSamples, TextClassifier.SamplesOf(_options)))
        {
            Callbacks = LearntStart.Freezing(_options, learnt),
        };
        return _training.Train(_model, feed, run, checkpoint, callbacks);
    }

    public TextClassifier Finish(History history)
    {
        _environment.Begin(TaskStage.Scoring);
        TextClassifier classifier = new(_model, _encoder, Document());
        IReadOnlyList<string> testTexts = TextStore.Of(TextsOf(_plan.TestTexts, _plan.TestSamples));
        IReadOnlyList<Classification> predictions = classifier.Predict(testTexts, _environment.Cancellation);
        ClassifierMetrics test = classifier.Score(predictions, _plan.TestLabels);
        ClassifierMetrics? validation = _plan.ValidationSamples.Length == 0 ? null : classifier.Score(
            classifier.Predict(TextsOf(_plan.Texts, _plan.ValidationSamples), _environment.Cancellation),
            [.. _plan.ValidationSamples.Select(sample => _plan.Labels[sample])]) with { ByClass = null, Confusion = null };
        BagOfWords bag = FitBagOfWords();
        ClassifierBaselines baselines = ClassifierScorer.Baselines(
            testTexts.Select(_encoder.Encode), _plan.TestLabels, _plan.Classes, _plan.ClassCounts(), bag);
        ClassifierReport report = new()
        {
            Seed = _options.Seed,
            Data = _plan.DataReport(),
            Split = _plan.Split(),
            Model = ReportParts.Of(_model, _options, _vectors),
            Training = _training.Report(history),
            Metrics = new ClassifierScores(test, validation),
            Baselines = baselines,
            Mistakes = ClassifierScorer.Mistakes(_plan.TestTexts, _plan.TestSamples, predictions),
            Verdict = ClassifierScorer.Verdict(test, baselines),
        };
        return new TextClassifier(_model, _encoder, Document() with { BagOfWords = bag.FitsModelFile ? BagOfWordsDocument.Of(bag) : null, Report = report })
        {
            Training = new ClassifierTraining(history, testTexts, [.. _plan.TestLabels.Select(label => _plan.Classes[label])], predictions),
        };
    }

    public void Write(TextClassifier trained, RunFolder folder)
    {
        ClassifierTraining training = trained.Training!;
        folder.WriteResult("predictions.csv", writer => ClassifierCsv.Write(writer, training.TestTexts, training.TestLabels, training.TestPredictions));
        trained.Save(folder.Model);
        folder.WriteReport(trained.Report!.ToJson());
    }

    private static TextView TextsOf(LabelledTexts texts, int[] samples) => new(samples.Length, place => texts.Texts[samples[place]]);

    /// <summary>Samples that change from epoch to epoch.</summary>
    private TokenSamplesOptions Augmented(TokenSamplesOptions samples) => samples with
    {
        WordDropout = _options.WordDropout,
        Swap = _options.WordSwap,
        Masking = _options.WordMasking,
    };

    private TokenSamples Samples(int[] samples, TokenSamplesOptions options) => new(
        _encoder.EncodeAll(TextsOf(_plan.Texts, samples), threads: _environment.Threads, cancellation: _environment.Cancellation),
        [.. samples.Select(sample => (float)_plan.Labels[sample])],
        options);

    /// <summary>w_c = texts / (classes × texts of c).</summary>
    private double[]? Weights()
    {
        long[] counts = _plan.ClassCounts();
        return _options.ClassWeights == ClassWeighting.None ? null
            : [.. counts.Select(count => _plan.TrainingSamples.Length / ((double)counts.Length * count))];
    }

    private BagOfWords FitBagOfWords()
    {
        using ProfileSpan span = Profile.Measure("bag-of-words baseline");
        return BagOfWords.Fit(
            text => _encoder.Encode(_plan.Texts.Texts[text]), _plan.Labels, _plan.TrainingSamples, _plan.ValidationSamples,
            _encoder.Vocabulary.Count, _plan.Classes.Count, _options.Seed, _environment.Cancellation);
    }

    private ClassifierDocument Document() => new()
    {
        Encoder = _encoder.ToDocument(),
        Classes = _plan.Classes,
        TextColumn = Columns?.Text,
        LabelColumn = Columns?.Label,
        Options = _options with { TestTexts = null },
        Files = _plan.Texts.Files,
        Sha256 = _plan.Texts.Sha256,
        ClassCounts = _plan.ClassCounts(),
    };
}
