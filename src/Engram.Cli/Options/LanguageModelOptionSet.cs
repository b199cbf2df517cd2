using System.CommandLine;
using Engram.Data;
using Engram.Tasks;

namespace Engram.Cli.Options;

/// <summary>The options of <see cref="LanguageModelOptions"/>, whose defaults they take over.</summary>
internal sealed class LanguageModelOptionSet
{
    private static readonly LanguageModelOptions Defaults = new();

    private readonly Option<TokenizerKind?> _level = Opt.Value(
        "--level", "char|word", "Whether characters or words are predicted; --tokenizer says it more closely.", "char",
        text => Values.OneOf(text, [("char", TokenizerKind.Characters), ("word", TokenizerKind.Words)]));

    private readonly Option<int?> _steps = Opt.Value(
        "--steps", "N", "Tokens over which gradients flow back; the state goes on beyond.", Values.Write(Defaults.Steps), Values.Integer, "--truncate");

    private readonly TextTrainingOptionSet _embedding = new("the units of the first layer; 64 for characters");

    private readonly Option<bool> _tieWeights = Opt.Flag("--tie-weights", "The output layer has the embedding's weights.");

    private readonly Option<double?> _embeddingDropout = Opt.Value(
        "--embedding-dropout", "P", "Share of the vocabulary that a training step leaves out.", Values.Write(Defaults.EmbeddingDropout), Values.Number);

    private readonly Option<double?> _weightDropout = Opt.Value(
        "--weight-dropout", "P", "Share of the recurrent weights that a training step leaves out.", Values.Write(Defaults.WeightDropout), Values.Number);

    private readonly Option<double?> _activationPenalty = Opt.Value(
        "--activation-penalty", "A", "Penalty of large outputs of the last layer.", Values.Write(Defaults.ActivationPenalty), Values.Number);

    private readonly Option<double?> _changePenalty = Opt.Value(
        "--change-penalty", "B", "Penalty of outputs of the last layer that change from step to step.", Values.Write(Defaults.ChangePenalty), Values.Number);

    private readonly TextOptionSet _text = new(Defaults.Text, "what --level says");

    private readonly TrainingOptionSet _training = new(Defaults, new DataWords(
        "streams of text side by side",
        "Share of the text, its end, to score on, or a file. 0: none, the validation part is told.",
        "Share of the rest, its end, on which the best epoch is chosen, or a file.",
        ValidationMayBeFile: true));

    public IEnumerable<Option> All =>
    [
        _level, .. _text.All, _steps, .. _embedding.All, _tieWeights, _embeddingDropout, _weightDropout, _activationPenalty, _changePenalty, .. _training.All,
    ];

    /// <inheritdoc cref="TrainingOptionSet.TestFile"/>
    public string? TestFile(ParseResult result) => _training.TestFile(result);

    /// <inheritdoc cref="TrainingOptionSet.ValidationFile"/>
    public string? ValidationFile(ParseResult result) => _training.ValidationFile(result);

    /// <summary>The options as given; what was left out has its default.</summary>
    /// <exception cref="InvalidOptionException">The tokenizer cuts texts into something else than the level says.</exception>
    public LanguageModelOptions Read(ParseResult result) => _training.Apply(result, _embedding.Apply(result, new LanguageModelOptions
    {
        Text = ReadText(result),
        Steps = result.GetValue(_steps) ?? Defaults.Steps,
        TieWeights = result.GetValue(_tieWeights),
        EmbeddingDropout = result.GetValue(_embeddingDropout) ?? Defaults.EmbeddingDropout,
        WeightDropout = result.GetValue(_weightDropout) ?? Defaults.WeightDropout,
        ActivationPenalty = result.GetValue(_activationPenalty) ?? Defaults.ActivationPenalty,
        ChangePenalty = result.GetValue(_changePenalty) ?? Defaults.ChangePenalty,
    }));

    private TextOptions ReadText(ParseResult result)
    {
        TokenizerKind? level = result.GetValue(_level);
        TextOptions text = _text.Read(result, level);
        return level is null || level == TokenizerKind.Characters == (text.Tokenizer == TokenizerKind.Characters) ? text : throw new InvalidOptionException(
            _text.Tokenizer.Name, result.GetResult(_text.Tokenizer)!.Tokens[^1].Value, $"contradicts {_level.Name} {result.GetResult(_level)!.Tokens[^1].Value}. Leave one of them out.");
    }
}
