using System.CommandLine;
using Engram.Tasks;

namespace Engram.Cli.Options;

/// <summary>The options of <see cref="TaggingOptions"/>, whose defaults they take over, and the columns of token files.</summary>
internal sealed class TaggingOptionSet
{
    private static readonly TaggingOptions Defaults = new();

    private static readonly IReadOnlyList<(string Name, TagScheme Scheme)> Schemes = [("bio", TagScheme.Bio), ("bioes", TagScheme.Bioes)];

    private static readonly IReadOnlyList<(string Name, CharacterReader Reader)> Readers =
        [("lstm", CharacterReader.Recurrent), ("convolution", CharacterReader.Convolution), ("none", CharacterReader.None)];

    private readonly Option<int?> _column = Opt.Value("--column", "N", "The column of the token: 0, 1 … from the left, -1, -2 … from the right.", "0", Values.Integer);

    private readonly Option<int?> _label = Opt.Value("--label", "N", "The column of its tag.", "-1", Values.Integer);

    private readonly Option<IReadOnlyList<int>?> _features = Opt.Reference("--features", "N,N", "Columns to tag from beside the token, such as its part of speech.", "none", Values.Integers);

    private readonly Option<bool> _crf = Opt.Flag("--crf", "Learn a field over the tags, and seek the best path of tags.");

    private readonly Option<TagScheme?> _scheme = Opt.Value("--scheme", "bio|bioes", "How the network learns where chunks begin and end.", "as in the file", text => Values.OneOf(text, Schemes));

    private readonly TextTrainingOptionSet _embedding = new(Values.Write(Defaults.EmbeddingSize));

    private readonly Option<int?> _minimumCount = Opt.Value("--minimum-count", "N", "How often a word must occur to have a vector of its own.", Values.Write(Defaults.MinimumCount), Values.Integer);

    private readonly Option<double?> _wordDropout = Opt.Value(
        "--word-dropout", "X", "Share of the words whose vectors are left out while training.", Values.Write(Defaults.WordDropout), Values.Number);

    private readonly Option<CharacterReader?> _characters = Opt.Value("--characters", "lstm|convolution|none", "How the letters of a word are read.", "lstm", text => Values.OneOf(text, Readers));

    private readonly Option<int?> _characterUnits = Opt.Value("--character-units", "N", "Units of that network.", Values.Write(Defaults.CharacterUnits), Values.Integer);

    private readonly TrainingOptionSet _training = new(Defaults, new DataWords("sentences", "Share of the sentences, from the end, to score on, or a file.", "Share of the rest, from its end, on which the best epoch is chosen, by F1."));

    public IEnumerable<Option> All => [_column, _label, _features, _crf, _scheme, .. _embedding.All, _minimumCount, _wordDropout, _characters, _characterUnits, .. _training.All];

    /// <summary>A run with the options as given; what was left out has its default.</summary>
    public TaggingRunOptions Read(ParseResult result, IReadOnlyList<string> files) => new()
    {
        Files = files,
        TestFile = _training.TestFile(result),
        Column = result.GetValue(_column) ?? 0,
        Label = result.GetValue(_label) ?? -1,
        Features = result.GetValue(_features) ?? [],
        Training = _training.Apply(result, _embedding.Apply(result, new TaggingOptions
        {
            Crf = result.GetValue(_crf),
            Scheme = result.GetValue(_scheme),
            MinimumCount = result.GetValue(_minimumCount) ?? Defaults.MinimumCount,
            WordDropout = result.GetValue(_wordDropout) ?? Defaults.WordDropout,
            Characters = result.GetValue(_characters) ?? Defaults.Characters,
            CharacterUnits = result.GetValue(_characterUnits) ?? Defaults.CharacterUnits,
        })),
    };
}
