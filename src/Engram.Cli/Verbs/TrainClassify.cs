using System.CommandLine;
using Engram.Cli.Kinds;
using Engram.Cli.Options;
using Engram.Tasks;

namespace Engram.Cli.Verbs;

/// <summary><c>engram train classify</c>: from a file of labelled texts to a run folder with model, scores and pictures.</summary>
internal sealed class TrainClassify : ProfiledVerb
{
    private readonly Argument<string[]> _files = Arg.TrainingFiles("DATA", "CSV or TSV files of the same columns, gzip'd or not.");

    private readonly Option<string?> _text = Opt.Reference("--text", "COLUMN", "The column of texts, whatever its case.", null, Values.Text);

    private readonly Option<string?> _label = Opt.Reference("--label", "COLUMN", "The column of labels: words or numbers.", null, Values.Text);

    private readonly RunOptionSet _run;
    private readonly ClassifierOptionSet _training = new();
    private readonly CsvOptionSet _csv = new();

    public TrainClassify()
        : base("classify", "Train a network to tell classes of texts apart, and score it on texts it never saw beside simple classifiers.")
    {
        Add(_files);
        Add(_text);
        Add(_label);
        _run = new RunOptionSet(this, "runs/<file>-<label>, numbered");
        AddAll([.. _training.All, .. _csv.OfTexts]);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "engram train classify samples/data/questions.csv --text question --label kind --output runs/questions",
        "engram train classify samples/data/questions.csv --text question --label kind --length 30 --units 32 --bidirectional --pooling mean-max --epochs 15",
    ];

    protected override int Compute(ParseResult result, Terminal terminal)
    {
        string label = result.GetRequiredValue(_label)!;
        ClassifierRunOptions options = _run.Apply(result, new ClassifierRunOptions
        {
            Files = result.GetRequiredValue(_files),
            Text = result.GetRequiredValue(_text)!,
            Label = label,
            TestFile = _training.TestFile(result),
            Csv = _csv.Read(result),
            Training = _training.Read(result),
        }, label);
        return TrainingRun.Execute(terminal, new TextClassifierKind(), (progress, cancellation) =>
            ClassifierRun.Execute(options, CommonOptions.Device(result), progress, cancellation: cancellation));
    }
}
