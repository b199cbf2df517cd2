using System.CommandLine;
using Engram.Data;
using Engram.Tasks;

namespace Engram.Cli.Options;

/// <summary>The options of <see cref="ClassifierOptions"/>, whose defaults they take over.</summary>
internal sealed class ClassifierOptionSet
{
    private static readonly ClassifierOptions Defaults = new();

    private readonly Option<int?> _length = Opt.Value(
        "--length", "N", "Tokens of a text that the network reads; shorter texts are padded.", Values.Write(Defaults.Length), Values.Integer);

    private readonly Option<TextTruncation?> _truncation = Opt.Value(
        "--truncation", "head|tail|both", "Which part of a longer text it reads.", "head",
        text => Values.OneOf(text, [("head", TextTruncation.Head), ("tail", TextTruncation.Tail), ("both", TextTruncation.Both)]));

    private readonly Option<bool> _bidirectional = Opt.Flag("--bidirectional", "Read texts in both directions.");

    private readonly Option<TextPooling?> _pooling = Opt.Value(
        "--pooling", "last|mean|max|mean-max|attention", "What becomes of the outputs of all steps.", "last",
        text => Values.OneOf(text,
            [
                ("last", TextPooling.Last), ("mean", TextPooling.Mean), ("max", TextPooling.Max), ("mean-max", TextPooling.MeanMax),
                ("attention", TextPooling.Attention),
            ]));

    private readonly Option<double?> _embeddingDropout = Opt.Value(
        "--embedding-dropout", "P", "Share of the words that a training step leaves out, everywhere in its texts.", Values.Write(Defaults.EmbeddingDropout), Values.Number);

    private readonly Option<double?> _wordDropout = Opt.Value(
        "--word-dropout", "P", "Share of a text's words that training leaves out, others in every epoch.", Values.Write(Defaults.WordDropout), Values.Number);

    private readonly Option<double?> _wordSwap = Opt.Value(
        "--word-swap", "P", "Probability with which training exchanges a word with the next.", Values.Write(Defaults.WordSwap), Values.Number);

    private readonly Option<double?> _wordMasking = Opt.Value(
        "--word-masking", "P", "Share of a text's words that training hides as unknown ones.", Values.Write(Defaults.WordMasking), Values.Number);

    private readonly Option<double?> _weightDropout = Opt.Value(
        "--weight-dropout", "P", "Share of the recurrent weights that a training step leaves out.", Values.Write(Defaults.WeightDropout), Values.Number);

    private readonly Option<ClassWeighting?> _classWeights = Opt.Value(
        "--class-weights", "none|balanced", "Whether every text or every class weighs the same in the loss.", "none",
        text => Values.OneOf(text, [("none", ClassWeighting.None), ("balanced", ClassWeighting.Balanced)]));

    private readonly Option<string?> _from = Opt.Reference(
        "--from", "MODEL", "A language model to begin with: its tokens, embedding and recurrent layers.", "none", Values.Text);

    private readonly TextTrainingOptionSet _embedding = new(
        Values.Write(Defaults.EmbeddingSize), "with --from the last layer taken over, and each before it so many epochs longer");

    private readonly TextOptionSet _text = new(Defaults.Text);

    private readonly TrainingOptionSet _training = new(Defaults, new DataWords(
        "texts", "Share of each class to score on, drawn at random, or a file of the same columns.", "Share of the rest, drawn from each class, on which the best epoch is chosen."));

    public IEnumerable<Option> All =>
    [
        .. _text.All, _length, _truncation, .. _embedding.All, _bidirectional, _pooling, _embeddingDropout, _wordDropout, _wordSwap, _wordMasking, _weightDropout, _classWeights, _from, .. _training.All,
    ];

    /// <inheritdoc cref="TrainingOptionSet.TestFile"/>
    public string? TestFile(ParseResult result) => _training.TestFile(result);

    /// <summary>The options as given; what was left out has its default.</summary>
    public ClassifierOptions Read(ParseResult result) => _training.Apply(result, _embedding.Apply(result, new ClassifierOptions
    {
        Text = _text.Read(result),
        Length = result.GetValue(_length) ?? Defaults.Length,
        Truncation = result.GetValue(_truncation) ?? Defaults.Truncation,
        Bidirectional = result.GetValue(_bidirectional),
        Pooling = result.GetValue(_pooling) ?? Defaults.Pooling,
        EmbeddingDropout = result.GetValue(_embeddingDropout) ?? Defaults.EmbeddingDropout,
        WordDropout = result.GetValue(_wordDropout) ?? Defaults.WordDropout,
        WordSwap = result.GetValue(_wordSwap) ?? Defaults.WordSwap,
        WordMasking = result.GetValue(_wordMasking) ?? Defaults.WordMasking,
        WeightDropout = result.GetValue(_weightDropout) ?? Defaults.WeightDropout,
        ClassWeights = result.GetValue(_classWeights) ?? Defaults.ClassWeights,
        From = result.GetValue(_from),
    }));
}
