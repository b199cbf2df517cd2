using System.Text.Json;
using Engram.Data;
using Engram.Files;
using Engram.Training;

namespace Engram.Tasks;

/// <summary>
/// Learns from labelled texts to tell classes apart, with an honest score beside simple classifiers.
/// <code>
///   LabelledTexts reviews = LabelledTexts.Read("reviews.csv", "text", "label");
///   TextClassifier classifier = TextClassifier.Train(reviews);
///   Classification result = classifier.Predict("A film that stays with you.");
/// </code>
/// A trained classifier does not change: its methods are safe from many threads at once.
/// </summary>
public sealed class TextClassifier : TaskModel
{
    private readonly ClassifierDocument _document;

    internal TextClassifier(Model model, TextEncoder encoder, ClassifierDocument document) => (Model, Encoder, _document) = (model, encoder, document);

    /// <inheritdoc/>
    public override string Task => ClassifierDocument.TaskKind;

    /// <summary>The network: token ids [length] to one logit for two classes, to a logit for each of more.</summary>
    public override Model Model { get; }

    /// <inheritdoc/>
    public override ClassifierOptions Options => _document.Options;

    /// <inheritdoc/>
    public override ClassifierReport? Report => _document.Report;

    /// <summary>How texts become token ids.</summary>
    public TextEncoder Encoder { get; }

    /// <summary>The labels: numbers by size, words in ordinal order.</summary>
    public IReadOnlyList<string> Classes => _document.Classes;

    /// <summary>The column of texts in the files trained on; null where they came from memory.</summary>
    public string? TextColumn => _document.TextColumn;

    /// <summary>The column of labels in the files trained on; null where they came from memory.</summary>
    public string? LabelColumn => _document.LabelColumn;

    /// <summary>The files trained on; empty for texts from memory.</summary>
    public IReadOnlyList<string> TrainedOn => _document.Files;

    /// <summary>What training left behind beside the model; null for a classifier that was loaded.</summary>
    public ClassifierTraining? Training { get; internal init; }

    /// <summary>Trains a classifier.</summary>
    /// <param name="texts">Texts with their labels.</param>
    /// <param name="options">How; defaults where not given.</param>
    /// <param name="device">What to compute on; <see cref="Device.Default"/> where not given. Results do not depend on its threads.</param>
    /// <param name="progress">Is told where training stands.</param>
    /// <param name="clock">What <see cref="TrainingOptions.TimeLimit"/> is measured by; the system's where not given.</param>
    /// <param name="cancellation">Ends training after the batch at hand.</param>
    /// <exception cref="InvalidOptionException">An option is outside its range, or does not fit the data.</exception>
    /// <exception cref="DataException">The data are at fault: no labels, one class only, too few texts.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a weight is no finite number any more.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public static TextClassifier Train(
        LabelledTexts texts,
        ClassifierOptions? options = null,
        Device? device = null,
        IProgress<TaskProgress>? progress = null,
        TimeProvider? clock = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        TaskEnvironment environment = new(device, progress, clock, cancellation);
        environment.Begin(TaskStage.Preparing);
        ClassifierTrainer trainer = new(ClassifierPlan.Make(texts, options ?? new ClassifierOptions()), environment);
        History history = trainer.Train();
        return history.Stopped == StopReason.Cancelled ? throw new OperationCanceledException(cancellation) : trainer.Finish(history);
    }

    /// <summary>Reads what <see cref="Save"/> wrote. Predictions are the same to the bit.</summary>
    /// <param name="path">A model file, or the folder of a run.</param>
    /// <param name="device">What to compute on; <see cref="Device.Default"/> where not given.</param>
    /// <exception cref="ModelFileException">The file is missing, damaged, or holds no classifier.</exception>
    public static new TextClassifier Load(string path, Device? device = null) => Load<TextClassifier>(path, device, "a classifier of texts");

    /// <summary>The class of a text. An empty text, and one of unknown words alone, gets what the network makes of nothing.</summary>
    /// <param name="text">The text.</param>
    public Classification Predict(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Predict([text])[0];
    }

    /// <summary>The class of each text.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<Classification> Predict(IReadOnlyList<string> texts, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (texts.Count == 0)
        {
            return [];
        }
        TokenSamples samples = new(Encoder.EncodeAll(texts, threads: Model.Device.Threads, cancellation: cancellation), SamplesOf(Options));
        float[] probabilities = Probabilities.OfOutputs(Model.Predict(samples, cancellation: cancellation).ToArray(), Classes.Count);
        Classification[] results = new Classification[texts.Count];
        for (int i = 0; i < results.Length; i++)
        {
            ReadOnlySpan<float> row = probabilities.AsSpan(i * Classes.Count, Classes.Count);
            int best = ClassScores.Largest(row);
            results[i] = new Classification(Classes[best], row[best], [.. row.ToArray().Select(value => (double)value)]);
        }
        return results;
    }

    /// <summary>Scores the classifier on labelled texts, beside the baselines.</summary>
    /// <param name="texts">Texts with labels that it was trained to tell apart.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="DataException">There are no texts or no labels, or there is a label that it does not know.</exception>
    public ClassifierEvaluation Evaluate(LabelledTexts texts, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        if (texts.Count == 0)
        {
            throw new DataException("There are no texts to score on. Give one at least.", texts.Files.Count > 0 ? texts.Files[0] : null);
        }
        int[] labels = ClassifierPlan.ClassesIn(texts, Classes);
        IReadOnlyList<Classification> predictions = Predict(texts.Texts, cancellation);
        ClassifierMetrics metrics = Score(predictions, labels);
        ClassifierBaselines? baselines = _document.BagOfWords is not { } bag ? null : ClassifierScorer.Baselines(
            texts.Texts.Select(Encoder.Encode), labels, Classes, _document.ClassCounts, bag.ToBaseline());
        return new ClassifierEvaluation
        {
            Data = new ReportData(texts.Files, texts.Sha256, texts.Count, texts.Count, texts.Notes),
            Metrics = metrics,
            Baselines = baselines,
            Mistakes = ClassifierScorer.Mistakes(texts, [.. Enumerable.Range(0, texts.Count)], predictions),
            Verdict = baselines is null ? null : ClassifierScorer.Verdict(metrics, baselines),
        };
    }

    /// <summary>Writes network, vocabulary, classes and the report to one file; whole or not at all.</summary>
    /// <param name="path">A <c>.safetensors</c> file.</param>
    /// <exception cref="FileWriteException">The file cannot be written.</exception>
    public override void Save(string path)
    {
        string task = TaskJson.Write(_document, TaskJson.Dense.ClassifierDocument);
        if (Model is Graph graph)
        {
            ModelFile.Write(path, graph, task);
        }
        else
        {
            ModelFile.Write(path, (Sequential)Model, task);
        }
    }

    /// <summary>A classifier of what a model file holds.</summary>
    /// <exception cref="FormatException">The description is damaged, or does not fit the network.</exception>
    internal static TextClassifier Open(Model model, JsonElement task)
    {
        ClassifierDocument document = task.Deserialize(TaskJson.Default.ClassifierDocument)!;
        document.Check(model);
        return new TextClassifier(model, TextEncoder.FromDocument(document.Encoder), document);
    }

    /// <summary>How the network's samples are made of texts.</summary>
    internal static TokenSamplesOptions SamplesOf(ClassifierOptions options) => new() { Length = options.Length, Truncation = options.Truncation };

    /// <summary>The metrics of predictions.</summary>
    internal ClassifierMetrics Score(IReadOnlyList<Classification> predictions, int[] labels) => ClassScores.Of(
        [.. predictions.SelectMany(prediction => prediction.Probabilities.Select(value => (float)value))], labels, Classes);
}
