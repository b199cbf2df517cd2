using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Engram.Data;
using Engram.Files;
using Engram.Training;

namespace Engram.Tasks;

/// <summary>
/// Learns from tagged sentences to tag others: names, phrases, parts of speech.
/// <code>
///   SequenceTagger tagger = SequenceTagger.Train(SequenceTagger.Read("train.txt"), new TaggingOptions { Crf = true });
///   IReadOnlyList&lt;string&gt; tags = tagger.Tag(["The", "pound", "fell", "."]);
///   tagger.Save("model.safetensors");
/// </code>
/// A trained tagger does not change: its methods are safe from many threads at once.
/// </summary>
public sealed class SequenceTagger : TaskModel
{
    /// <summary>Sentences that are computed together, of like lengths.</summary>
    private const int BatchSize = 64;

    private readonly TaggingDocument _document;
    private readonly TaggerVocabulary _vocabulary;
    private readonly TagDecoder _decoder;
    private readonly MajorityTags? _majority;
    private readonly Graph _model;

    internal SequenceTagger(Graph model, TaggingDocument document)
    {
        (_model, _document, _vocabulary) = (model, document, document.ToVocabulary());
        _decoder = new TagDecoder(document.Tags, document.Learnt, document.Told, document.Options.Crf);
        _majority = document.Majority is { } majority ? MajorityTags.Of(majority) : null;
    }

    /// <inheritdoc/>
    public override string Task => TaggingDocument.TaskKind;

    /// <inheritdoc/>
    public override Model Model => _model;

    /// <inheritdoc/>
    public override TaggingOptions Options => _document.Options;

    /// <inheritdoc/>
    public override TaggingReport? Report => _document.Report;

    /// <summary>The tags that it knows, in the scheme that the network learns.</summary>
    public IReadOnlyList<string> KnownTags => _document.Tags;

    /// <summary>The scheme of the tags that it gives.</summary>
    public TagScheme Scheme => _document.Told;

    /// <summary>Number of words with a vector of their own.</summary>
    public int VocabularySize => _document.Words.Count;

    /// <summary>All words that the network has vectors of, the special entries first.</summary>
    internal IReadOnlyList<string> Words => _vocabulary.Words.Tokens;

    /// <summary>What training left behind beside the model; null for a tagger that was loaded.</summary>
    public TaggingTraining? Training { get; internal init; }

    /// <summary>Columns of files, beside token and tag, that it needs.</summary>
    internal TaggingColumns Columns => _document.Columns;

    /// <summary>Trains a tagger.</summary>
    /// <param name="sentences">Tagged sentences; the last of them validate, and are scored on where <paramref name="test"/> is not given.</param>
    /// <param name="options">How; defaults where not given.</param>
    /// <param name="test">Sentences to score on; null: a share of the others.</param>
    /// <param name="device">What to compute on; <see cref="Device.Default"/> where not given. Results do not depend on its threads.</param>
    /// <param name="progress">Is told where training stands.</param>
    /// <param name="clock">What <see cref="TrainingOptions.TimeLimit"/> is measured by; the system's where not given.</param>
    /// <param name="cancellation">Ends training after the batch at hand.</param>
    /// <exception cref="InvalidOptionException">An option is outside its range, or does not fit the sentences.</exception>
    /// <exception cref="DataException">The sentences are too few, or not tagged.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a weight is no finite number any more.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public static SequenceTagger Train(
        IReadOnlyList<TaggedSentence> sentences,
        TaggingOptions? options = null,
        IReadOnlyList<TaggedSentence>? test = null,
        Device? device = null,
        IProgress<TaskProgress>? progress = null,
        TimeProvider? clock = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        TaskEnvironment environment = new(device, progress, clock, cancellation);
        environment.Begin(TaskStage.Preparing);
        TaggingSources sources = new([], HashOf(sentences), null, test is null ? null : HashOf(test), new TaggingColumns(0, -1, [.. Enumerable.Range(1, sentences.Count > 0 ? sentences[0].Features.Count : 0)]));
        TaggingTrainer trainer = new(TaggingPlan.Make(sentences, test, options ?? new TaggingOptions(), sources, environment.Cancellation), environment);
        History history = trainer.Train();
        return history.Stopped == StopReason.Cancelled ? throw new OperationCanceledException(cancellation) : trainer.Finish(history);
    }

    /// <summary>Reads sentences of a file with a token to a line, columns with blanks or tabs between, and an empty line between sentences.</summary>
    /// <param name="file">The file; it may be packed with gzip.</param>
    /// <param name="column">The column of the token: 0, 1 … from the left, −1, −2 … from the right.</param>
    /// <param name="label">That of the tag; null where tags are not read.</param>
    /// <param name="features">Further columns to tag from; none where null.</param>
    /// <exception cref="DataException">The file cannot be read, or a line has too few columns.</exception>
    public static IReadOnlyList<TaggedSentence> Read(string file, int column = 0, int? label = -1, IReadOnlyList<int>? features = null)
    {
        ArgumentNullException.ThrowIfNull(file);
        return TokenFile.Read([file], new TokenColumns(column, label, features ?? []), CancellationToken.None).Sentences;
    }

    /// <summary>Reads what <see cref="Save"/> wrote. Tags are the same.</summary>
    /// <param name="path">A model file, or the folder of a run.</param>
    /// <param name="device">What to compute on; <see cref="Device.Default"/> where not given.</param>
    /// <exception cref="ModelFileException">The file is missing, damaged, or holds no tagger.</exception>
    public static new SequenceTagger Load(string path, Device? device = null) => Load<SequenceTagger>(path, device, "a tagger");

    /// <inheritdoc/>
    public override void Save(string path) => ModelFile.Write(path, _model, TaskJson.Write(_document, TaskJson.Dense.TaggingDocument));

    /// <summary>The tags of a sentence.</summary>
    /// <param name="tokens">Its tokens; none gives none.</param>
    /// <exception cref="ArgumentException">The tagger was trained with further columns, which a <see cref="TaggedSentence"/> has.</exception>
    public IReadOnlyList<string> Tag(IReadOnlyList<string> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return tokens.Count == 0 ? [] : Tag([new TaggedSentence(tokens)])[0];
    }

    /// <summary>The tags of sentences; tags that they have are not looked at.</summary>
    /// <param name="sentences">The sentences.</param>
    /// <param name="cancellation">Ends tagging by <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">A sentence has other features than those trained with.</exception>
    public IReadOnlyList<IReadOnlyList<string>> Tag(IReadOnlyList<TaggedSentence> sentences, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        var tags = new IReadOnlyList<string>[sentences.Count];
        foreach (int[] batch in Enumerable.Range(0, sentences.Count).OrderBy(i => sentences[i].Tokens.Count).Chunk(BatchSize))
        {
            cancellation.ThrowIfCancellationRequested();
            EncodedSentence[] encoded = [.. batch.Select(i => _vocabulary.Encode(RequireFeatures(sentences[i]), null))];
            Tensor scores = _model.Predict(TaggerNetwork.Inputs(_vocabulary, Options, encoded), BatchSize, cancellation: cancellation)[0];
            float[] values = scores.ToArray();
            int size = values.Length / batch.Length;
            for (int i = 0; i < batch.Length; i++)
            {
                tags[batch[i]] = _decoder.Decode(values.AsSpan(i * size, size), encoded[i].Length);
            }
        }
        return tags;
    }

    /// <summary>Scores the tagger on sentences whose tags are known, beside the majority tag of each word.</summary>
    /// <param name="sentences">The sentences, at least one.</param>
    /// <param name="cancellation">Ends it by <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="ArgumentException">There is no sentence, or one without tags or with other features than those trained with.</exception>
    public TaggingEvaluation Evaluate(IReadOnlyList<TaggedSentence> sentences, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sentences);
        if (sentences.Count == 0 || sentences.Any(sentence => sentence.Tags is null))
        {
            throw new ArgumentException("There is no sentence to score on, or one has no tags.", nameof(sentences));
        }
        TaggingMetrics metrics = Score(sentences, cancellation).Metrics;
        TaggingMetrics? majority = _majority?.Score(sentences, Scheme);
        return new TaggingEvaluation(sentences.Count, metrics)
        {
            Baselines = majority is null ? null : new TaggingBaselines(majority),
            Verdict = majority is null ? null : TaggingTrainer.Verdict(metrics, majority),
        };
    }

    internal (TaggingMetrics Metrics, IReadOnlyList<IReadOnlyList<string>> Predicted) Score(IReadOnlyList<TaggedSentence> sentences, CancellationToken cancellation)
    {
        IReadOnlyList<IReadOnlyList<string>> predicted = Tag(sentences, cancellation);
        ChunkCounts counts = new(Scheme);
        for (int i = 0; i < sentences.Count; i++)
        {
            counts.Add(sentences[i].Tags!, predicted[i]);
        }
        return (counts.Metrics(), predicted);
    }

    /// <summary>A tagger of what a model file holds.</summary>
    /// <exception cref="FormatException">The description is damaged, or does not fit the network.</exception>
    internal static SequenceTagger Open(Model model, JsonElement task)
    {
        TaggingDocument document = task.Deserialize(TaskJson.Default.TaggingDocument)!;
        document.Check(model);
        return new SequenceTagger((Graph)model, document);
    }

    private TaggedSentence RequireFeatures(TaggedSentence sentence)
    {
        int due = _vocabulary.Features.Count - TokenSpelling.FeatureCount;
        return sentence.Features.Count == due && sentence.Features.All(feature => feature.Count == sentence.Tokens.Count) ? sentence : throw new ArgumentException(
            $"The tagger was trained with {Quantity.Of(due, "further column")} beside the token, but a sentence has {sentence.Features.Count}. Give them as its Features, a text for each token.", nameof(sentence));
    }

    private static string HashOf(IReadOnlyList<TaggedSentence> sentences)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (TaggedSentence sentence in sentences)
        {
            foreach (IReadOnlyList<string> texts in (IReadOnlyList<string>[])[sentence.Tokens, sentence.Tags ?? [], .. sentence.Features])
            {
                hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\t', texts) + "\n"));
            }
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
