using System.CommandLine;
using System.Globalization;
using Engram.Tasks;

namespace Engram.Cli.Options;

/// <summary>The options of <see cref="TextTrainingOptions"/>: the embedding, and what it begins with.</summary>
internal sealed class TextTrainingOptionSet
{
    private readonly Option<int?> _embedding;
    private readonly Option<string?> _wordVectors;
    private readonly Option<int?> _freeze;
    private readonly Option<double?> _learntRate;

    /// <param name="size">The default size of the embedding in words.</param>
    /// <param name="otherStart">What else a network of the task may begin with, and how its layers are thawed; null where there is nothing.</param>
    public TextTrainingOptionSet(string size, string? otherStart = null)
    {
        _embedding = Opt.Value("--embedding", "N", "Numbers that stand for a token.", size + ", or as many as the word vectors have", Values.Integer);
        _wordVectors = Opt.Reference(
            "--word-vectors", "FILE", "Pretrained vectors that words begin with, in the text format of fastText and GloVe, gzip'd or not.", "none", Values.Text);
        _freeze = Opt.Value(
            "--freeze", "N|always", $"Epochs for which word vectors stay as they are{(otherStart is null ? "" : $"; {otherStart}")}.", "0, they learn from the start", Epochs, "--thaw");
        _learntRate = Opt.Value(
            "--learnt-rate", "X", $"Learning rate of word vectors{(otherStart is null ? "" : ", and with --from of each layer taken over,")} as a share of that of the next later layer.", "1", Values.Number);
    }

    public IEnumerable<Option> All => [_embedding, _wordVectors, _freeze, _learntRate];

    /// <summary>Options of a task with those that were given; what was left out stays.</summary>
    public T Apply<T>(ParseResult result, T options)
        where T : TextTrainingOptions => (T)(options with
        {
            Embedding = result.GetValue(_embedding),
            WordVectors = result.GetValue(_wordVectors),
            Freeze = result.GetValue(_freeze) ?? options.Freeze,
            LearntRate = result.GetValue(_learntRate) ?? options.LearntRate,
        });

    private static int Epochs(string text) => text.Equals("always", StringComparison.OrdinalIgnoreCase) ? TextTrainingOptions.ForEver
        : int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int epochs) ? epochs
        : throw new FormatException($"'{text}' is no number of epochs. Give one such as 2, or always.");
}
