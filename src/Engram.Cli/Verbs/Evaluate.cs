using System.CommandLine;
using Engram.Cli.Kinds;
using Engram.Cli.Options;
using Engram.Tasks;

namespace Engram.Cli.Verbs;

/// <summary><c>engram evaluate</c>: scores a model on data beside the baselines.</summary>
internal sealed class Evaluate : ProfiledVerb
{
    private readonly Argument<string> _model = Arg.Model();

    private readonly Argument<string[]> _files = Arg.Data("CSV files of the columns trained on, for a tagger files with a token to a line, for a language model text files, or - for standard input.", ArgumentArity.OneOrMore);

    private readonly CsvOptionSet _csv = new();

    public Evaluate()
        : base("evaluate", "Score a model on DATA beside the baselines: a forecast on all rows that have a window before them, a classifier on all texts, a tagger on all sentences, a language model on all tokens.")
    {
        Add(_model);
        Add(_files);
        AddAll(_csv.All);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "engram evaluate runs/sp500 samples/data/sp500.csv",
        "engram evaluate runs/questions/model.safetensors samples/data/questions.csv --json",
    ];

    protected override int Compute(ParseResult result, Terminal terminal)
    {
        TaskModel model = TaskModel.Load(result.GetRequiredValue(_model), CommonOptions.Device(result));
        return ModelKind.Of(model).Evaluate(model, result.GetRequiredValue(_files), _csv, result, terminal);
    }
}
