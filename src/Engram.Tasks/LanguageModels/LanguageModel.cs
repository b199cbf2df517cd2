using System.Text.Json;
using Engram.Data;
using Engram.Files;
using Engram.Training;

namespace Engram.Tasks;

/// <summary>
/// Learns from a running text which token comes next, and writes.
/// <code>
///   LanguageModel model = LanguageModel.Train(TextCorpus.Read(["shakespeare.txt"]));
///   Console.Write(model.Generate("ROMEO:"));
///   model.Save("model.safetensors");
/// </code>
/// A trained model does not change: its methods are safe from many threads at once.
/// </summary>
public sealed class LanguageModel : TaskModel
{
    private readonly LanguageModelDocument _document;
    private readonly Sequential _model;

    internal LanguageModel(Sequential model, TextEncoder encoder, LanguageModelDocument document) => (_model, Encoder, _document) = (model, encoder, document);

    /// <inheritdoc/>
    public override string Task => LanguageModelDocument.TaskKind;

    /// <summary>The network: token ids [steps] to a logit for each token of the vocabulary, at every step.</summary>
    public override Sequential Model => _model;

    /// <inheritdoc/>
    public override LanguageModelOptions Options => _document.Options;

    /// <inheritdoc/>
    public override LanguageModelReport? Report => _document.Report;

    /// <summary>How text becomes token ids.</summary>
    public TextEncoder Encoder { get; }

    /// <summary>The files trained on; empty for a text from memory.</summary>
    public IReadOnlyList<string> TrainedOn => _document.Files;

    /// <summary>The column of texts in the files trained on; null where those were text, or it came from memory.</summary>
    public string? TextColumn => _document.TextColumn;

    /// <summary>Loss and validation loss of every epoch; null for a model that was loaded.</summary>
    public History? History { get; internal init; }

    /// <summary>Trains a language model.</summary>
    /// <param name="text">The text.</param>
    /// <param name="options">How; defaults where not given.</param>
    /// <param name="device">What to compute on; <see cref="Device.Default"/> where not given. Results do not depend on its threads.</param>
    /// <param name="progress">Is told where training stands.</param>
    /// <param name="clock">What <see cref="TrainingOptions.TimeLimit"/> is measured by; the system's where not given.</param>
    /// <param name="cancellation">Ends training after the batch at hand.</param>
    /// <exception cref="InvalidOptionException">An option is outside its range, or does not fit the text.</exception>
    /// <exception cref="DataException">The text is too short.</exception>
    /// <exception cref="TrainingDivergedException">The loss or a weight is no finite number any more.</exception>
    /// <exception cref="OperationCanceledException">Training was cancelled.</exception>
    public static LanguageModel Train(
        TextCorpus text,
        LanguageModelOptions? options = null,
        Device? device = null,
        IProgress<TaskProgress>? progress = null,
        TimeProvider? clock = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        TaskEnvironment environment = new(device, progress, clock, cancellation);
        environment.Begin(TaskStage.Preparing);
        LanguageModelTrainer trainer = new(LanguageModelPlan.Make(text, options ?? new LanguageModelOptions(), environment), environment);
        History history = trainer.Train();
        return history.Stopped == StopReason.Cancelled ? throw new OperationCanceledException(cancellation) : trainer.Finish(history);
    }

    /// <summary>Reads what <see cref="Save"/> wrote. It writes and scores the same to the bit.</summary>
    /// <param name="path">A model file, or the folder of a run.</param>
    /// <param name="device">What to compute on; <see cref="Device.Default"/> where not given.</param>
    /// <exception cref="ModelFileException">The file is missing, damaged, or holds no language model.</exception>
    public static new LanguageModel Load(string path, Device? device = null) => Load<LanguageModel>(path, device, "a language model");

    /// <summary>Goes on with a text.</summary>
    /// <param name="prompt">The text; empty starts at the beginning of a line. Characters that the model does not know count as unknown ones.</param>
    /// <param name="options">How; defaults where not given.</param>
    /// <returns>What comes after the prompt.</returns>
    /// <exception cref="InvalidOptionException">An option is outside its range.</exception>
    public string Generate(string prompt, GenerationOptions? options = null) => string.Concat(GenerateStream(prompt, options));

    /// <summary>Goes on with a text, piece by piece as it is written.</summary>
    /// <inheritdoc cref="Generate"/>
    /// <param name="prompt">The text; empty starts at the beginning of a line.</param>
    /// <param name="options">How; defaults where not given.</param>
    /// <param name="cancellation">Ends it after the token at hand.</param>
    /// <returns>Pieces of what comes after the prompt; together they are what <see cref="Generate"/> gives.</returns>
    public IEnumerable<string> GenerateStream(string prompt, GenerationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        options ??= new GenerationOptions();
        options.Validate();
        return Write(prompt, options, cancellation);
    }

    /// <summary>The characters or words of a prompt that the model does not know.</summary>
    public IReadOnlyList<string> UnknownIn(string prompt) =>
        [.. Encoder.Tokenize(prompt).Where(token => !Encoder.Vocabulary.TryGetId(token, out _)).Distinct(StringComparer.Ordinal)];

    /// <summary>Scores the model on a text, beside the baseline.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="DataException">The text has fewer than two tokens.</exception>
    public LanguageModelEvaluation Evaluate(TextCorpus text, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        LanguageModelText tokens = LanguageModelText.Of(Encoder, text.Lines, Model.Device.Threads, cancellation);
        if (tokens.Tokens.Length < 2)
        {
            throw LanguageModelPlan.Fault(text, "there are fewer than two tokens: nothing can be predicted. Give a longer text.");
        }
        LanguageModelMetrics metrics = Score(tokens, cancellation);
        LanguageModelBaselines baselines = new(tokens.Unigram(_document.Unigram));
        return new LanguageModelEvaluation
        {
            Data = new ReportData(text.Files, text.Sha256, tokens.Tokens.Length, tokens.Tokens.Length, [.. text.Notes, .. tokens.NoteUnknown() is { } note ? (string[])[note] : []]),
            Metrics = metrics,
            Baselines = baselines,
            Verdict = LanguageModelTrainer.Verdict(metrics, baselines),
        };
    }

    /// <summary>Writes network, vocabulary and the report to one file; whole or not at all.</summary>
    /// <param name="path">A <c>.safetensors</c> file.</param>
    /// <exception cref="FileWriteException">The file cannot be written.</exception>
    public override void Save(string path) => ModelFile.Write(path, _model, TaskJson.Write(_document, TaskJson.Dense.LanguageModelDocument));

    /// <summary>A language model of what a model file holds.</summary>
    /// <exception cref="FormatException">The description is damaged, or does not fit the network.</exception>
    internal static LanguageModel Open(Model model, JsonElement task)
    {
        LanguageModelDocument document = task.Deserialize(TaskJson.Default.LanguageModelDocument)!;
        document.Check(model);
        model.Compile(OptimizerMaker.Make(document.Options), Loss.SparseCategoricalCrossEntropy()); // for scores
        return new LanguageModel((Sequential)model, TextEncoder.FromDocument(document.Encoder), document);
    }

    /// <summary>The text as the network reads it.</summary>
    internal static TokenStreams Streams(LanguageModelText text, LanguageModelOptions options, bool wholeWindowsOnly) =>
        new(text.Tokens, Math.Min(options.BatchSize, text.Tokens.Length - 1), options.Steps, wholeWindowsOnly);

    /// <summary>The loss over a text, read as streams side by side that each start without a past.</summary>
    internal LanguageModelMetrics Score(LanguageModelText text, CancellationToken cancellation)
    {
        TokenStreams streams = Streams(text, Options, wholeWindowsOnly: false);
        double loss = _model.Evaluate(streams, streams.StreamCount, carryState: true, cancellation)["loss"];
        return LanguageModelMetrics.Of(loss, text.Tokens.Length - 1, text.Characters);
    }

    private IEnumerable<string> Write(string prompt, GenerationOptions options, CancellationToken cancellation)
    {
        int vocabulary = Encoder.Vocabulary.Count;
        TokenText written = new(Encoder);
        TokenSampler sampler = new(options, vocabulary, written.EndsLines);
        ModelStream stream = _model.Stream();
        float[] logits = new float[vocabulary];
        int[] start = written.Start(prompt);
        foreach (int token in start)
        {
            stream.Step([token], logits);
        }
        for (int i = 0; i < options.Length && !cancellation.IsCancellationRequested; i++)
        {
            int token = sampler.Next(logits);
            string piece = written.Add(token);
            if (piece.Length > 0)
            {
                yield return piece;
            }
            stream.Step([token], logits);
        }
        if (written.Rest() is { Length: > 0 } rest)
        {
            yield return rest;
        }
    }
}
