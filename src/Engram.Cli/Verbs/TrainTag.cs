using System.CommandLine;
using Engram.Cli.Kinds;
using Engram.Cli.Options;
using Engram.Tasks;

namespace Engram.Cli.Verbs;

/// <summary><c>engram train tag</c>: from files of tagged tokens to a run folder with model and scores.</summary>
internal sealed class TrainTag : ProfiledVerb
{
    private readonly Argument<string[]> _files = Arg.TrainingFiles(
        "TOKENS", "Files with a token and its tag to a line, columns with blanks or tabs between, and an empty line between sentences; packed with gzip or not.");

    private readonly RunOptionSet _run;
    private readonly TaggingOptionSet _training = new();

    public TrainTag()
        : base("tag", "Train a bidirectional LSTM to tag the tokens of sentences: names, phrases, parts of speech; and score it beside the majority tag of each word.")
    {
        Add(_files);
        _run = new RunOptionSet(this, "runs/<file>-tag, numbered");
        AddAll(_training.All);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "engram train tag samples/data/names.txt --crf --output runs/names",
        "engram train tag samples/data/names.txt --features 1 --characters none --units 50",
    ];

    protected override int Compute(ParseResult result, Terminal terminal)
    {
        TaggingRunOptions options = _run.Apply(result, _training.Read(result, result.GetRequiredValue(_files)), "tag");
        return TrainingRun.Execute(terminal, new TaggerKind(), (progress, cancellation) =>
            TaggingRun.Execute(options, CommonOptions.Device(result), progress, cancellation: cancellation));
    }
}
