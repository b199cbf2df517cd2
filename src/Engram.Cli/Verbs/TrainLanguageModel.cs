using System.CommandLine;
using Engram.Cli.Kinds;
using Engram.Cli.Options;
using Engram.Tasks;

namespace Engram.Cli.Verbs;

/// <summary><c>engram train language-model</c>: from a running text to a run folder with a model that writes.</summary>
internal sealed class TrainLanguageModel : ProfiledVerb
{
    private readonly Argument<string[]> _files = Arg.TrainingFiles("TEXT", "Text files, one behind the other, gzip'd or not.");

    private readonly Option<string?> _text = Opt.Reference(
        "--text", "COLUMN", "The files are CSV or TSV tables, and this is their column of texts, each of which becomes a line.", "the files are text", Values.Text);

    private readonly Option<string?> _encoding = Opt.Reference(
        "--encoding", "E", "Character encoding, such as utf-8, utf-16, gb18030, gbk, big5, windows-1252.", "found from the file", Values.Encoding);

    private readonly RunOptionSet _run;
    private readonly LanguageModelOptionSet _training = new();

    public TrainLanguageModel()
        : base("language-model", "Train a network to predict the next character or word of a text, and so to write.")
    {
        Add(_files);
        _run = new RunOptionSet(this, "runs/<file>-text, numbered");
        AddAll([_text, .. _training.All, _encoding]);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "engram train language-model samples/data/harbour.txt --units 64 --epochs 5 --learning-rate 0.01 --output runs/harbour",
        "engram train language-model samples/data/harbour.txt --level word --units 50 --optimizer sgd --learning-rate 1 --schedule halve-after:4 --initial uniform:0.1 --forget-bias 0 --batch-size 10 --steps 20 --clip-norm 5 --epochs 3",
    ];

    protected override int Compute(ParseResult result, Terminal terminal)
    {
        LanguageModelRunOptions options = _run.Apply(result, new LanguageModelRunOptions
        {
            Files = result.GetRequiredValue(_files),
            TestFile = _training.TestFile(result),
            ValidationFile = _training.ValidationFile(result),
            Encoding = result.GetValue(_encoding),
            TextColumn = result.GetValue(_text),
            Training = _training.Read(result),
        }, "text");
        return TrainingRun.Execute(terminal, new LanguageModelKind(), (progress, cancellation) =>
            LanguageModelRun.Execute(options, CommonOptions.Device(result), progress, cancellation: cancellation));
    }
}
