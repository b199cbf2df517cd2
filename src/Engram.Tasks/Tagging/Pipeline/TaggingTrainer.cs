using System.Globalization;
using Engram.Training;

namespace Engram.Tasks;

/// <summary>From a plan to a scored tagger.</summary>
internal sealed class TaggingTrainer : ITaskTrainer<SequenceTagger>
{
    /// <summary>Sentences that are measured together after an epoch: scores of pairs of tags take much memory.</summary>
    private const int ValidationBatchSize = 64;

    private readonly TaggingPlan _plan;
    private readonly TaskEnvironment _environment;
    private readonly NetworkTraining _training;
    private readonly Graph _model;
    private bool _hasValidation;

    public TaggingTrainer(TaggingPlan plan, TaskEnvironment environment)
    {
        (_plan, _environment) = (plan, environment);
        _training = new NetworkTraining(plan.Options, environment);
        _model = TaggerNetwork.Make(plan.Vocabulary, plan.Options, environment.Device ?? Device.Default);
        LearntStart.Begin(_model, plan.Vectors);
    }

    public string DataSha256 => _plan.Sources.Sha256;

    public string? TestSha256 => _plan.Sources.TestSha256;

    public string? LearntSha256 => _plan.Vectors?.Sha256;

    public int BestEpoch => _training.BestEpoch;

    public void SaveSnapshot(string path) => Tagger(null).Save(path);

    public History Train(RunOptions? run = null, string? checkpoint = null, params IReadOnlyList<Callback> callbacks)
    {
        TaggingOptions options = _plan.Options;
        var decoder = new TagDecoder(_plan.Vocabulary.Tags, _plan.Learnt, _plan.Told, options.Crf);
        _model.Compile(
            OptimizerMaker.Make(options, LearntStart.Rates(options, [LearntStart.Words(_model)])),
            options.Crf ? Loss.ConditionalRandomField : Loss.SparseCategoricalCrossEntropy(), new ChunkF1(_plan.Vocabulary.Tags, _plan.Learnt, decoder));
        // A sentence with a tag that the network does not know has no loss.
        IReadOnlyList<EncodedSentence> validation = [.. _plan.Validation.Select(_plan.Encode).Where(sentence => !sentence.Tags.Contains(-1))];
        _hasValidation = validation.Count > 0;
        SampleFeed feed = new(Samples([.. _plan.Training.Select(_plan.Encode)]), _hasValidation ? Samples(validation) : null)
        {
            ValidationBatchSize = ValidationBatchSize,
            Monitor = _hasValidation ? $"val_{_model.OutputNames[0]}_f1" : null,
            Callbacks = LearntStart.Freezing(options, [LearntStart.Words(_model)]),
        };
        return _training.Train(_model, feed, run, checkpoint, callbacks);
    }

    public SequenceTagger Finish(History history)
    {
        _environment.Begin(TaskStage.Scoring);
        SequenceTagger tagger = Tagger(null);
        (TaggingMetrics test, IReadOnlyList<IReadOnlyList<string>> predicted) = tagger.Score(_plan.Test, _environment.Cancellation);
        MajorityTags majority = new(_plan.Training);
        TaggingBaselines baselines = new(majority.Score(_plan.Test, _plan.Told));
        TaggingReport report = new()
        {
            Seed = _plan.Options.Seed,
            Data = DataReport(),
            Split = _plan.Split(),
            Model = ReportParts.Of(_model, _plan.Options, _plan.Vectors),
            Training = _training.Report(history) with { BestBy = _hasValidation ? "validation F1" : null },
            Scheme = _plan.Told,
            Metrics = new TaggingScores(test, _plan.Validation.Count == 0 ? null : tagger.Score(_plan.Validation, _environment.Cancellation).Metrics),
            Baselines = baselines,
            Verdict = Verdict(test, baselines.Majority),
        };
        return Tagger(report, majority.ToDocument(), new TaggingTraining(history, _plan.Test, predicted));
    }

    public void Write(SequenceTagger trained, RunFolder folder)
    {
        folder.WriteResult("predictions.csv", writer => TaggingCsv.Write(writer, trained.Training!));
        trained.Save(folder.Model);
        folder.WriteReport(trained.Report!.ToJson());
    }

    private ISampleSource Samples(IReadOnlyList<EncodedSentence> sentences)
    {
        ISampleSource[] inputs = TaggerNetwork.Inputs(_plan.Vocabulary, _plan.Options, sentences);
        return Graph.Samples(inputs, [inputs[0]]);
    }

    private ReportData DataReport()
    {
        long tokens = _plan.Training.Concat(_plan.Validation).Concat(_plan.Sources.TestFile is null ? _plan.Test : []).Sum(sentence => (long)sentence.Tokens.Count);
        return new ReportData(_plan.Sources.Files, _plan.Sources.Sha256, tokens, tokens, _plan.Notes)
        {
            TestFiles = _plan.Sources.TestFile is { } file ? [file] : null, TestSha256 = _plan.Sources.TestSha256,
        };
    }

    private SequenceTagger Tagger(TaggingReport? report, MajorityDocument? majority = null, TaggingTraining? training = null) => new(_model, new TaggingDocument
    {
        Words = TaggingDocument.Own(_plan.Vocabulary.Words),
        Characters = TaggingDocument.Own(_plan.Vocabulary.Characters),
        Features = [.. _plan.Vocabulary.Features.Select(TaggingDocument.Own)],
        Tags = _plan.Vocabulary.Tags,
        Learnt = _plan.Learnt,
        Told = _plan.Told,
        Columns = _plan.Sources.Columns,
        Options = _plan.Options,
        Files = _plan.Sources.Files,
        Sha256 = _plan.Sources.Sha256,
        Majority = majority,
        Report = report,
    })
    {
        Training = training,
    };

    /// <summary>The result in words, by F1.</summary>
    internal static string Verdict(TaggingMetrics network, TaggingMetrics majority)
    {
        const double counts = 0.1;
        double difference = network.F1 - majority.F1;
        return Math.Abs(difference) < counts ? "no better than the baseline (majority tag of each word)" : string.Create(
            CultureInfo.InvariantCulture, $"{(difference > 0 ? "better" : "worse")} than the baseline (majority tag of each word) by {Math.Abs(difference):0.0} points of F1");
    }
}
