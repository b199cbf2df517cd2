using System.CommandLine;
using System.CommandLine.Parsing;
using Engram.Cli.Kinds;
using Engram.Cli.Options;
using Engram.Tasks;

namespace Engram.Cli.Verbs;

/// <summary><c>engram predict</c>: what follows the last row or a forecast at every row; of a classifier the class of every text, of a tagger the tag of every token.</summary>
internal sealed class Predict : ProfiledVerb
{
    private readonly Argument<string> _model = Arg.Model();

    private readonly Argument<string[]> _files = Arg.Data(
        "CSV files of the columns trained on, for a tagger files with a token to a line, or - for standard input. [default: for a forecast the data trained on]", ArgumentArity.ZeroOrMore);

    private readonly Option<string?> _output = Opt.Reference(
        "--output", "FILE", "The file that receives the predictions, CSV but of tags, or - for standard output.", "-", Values.Text);

    private readonly Option<int?> _horizon = Opt.Value(
        "--horizon", "N", "Rows ahead; beyond the trained horizon predictions are fed back.", "the trained horizon", Values.Count);

    private readonly Option<bool> _rolling = Opt.Flag("--rolling", "A forecast at every row of DATA that has a window before it.");

    private readonly CsvOptionSet _csv = new();

    public Predict()
        : base("predict", "Forecast what follows the last row, with its time stamps, in original units; or tell the class of each text, or the tag of each token.")
    {
        Add(_model);
        Add(_files);
        AddAll([_output, _horizon, _rolling, .. _csv.All]);
        Validators.Add(CheckRolling);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "engram predict runs/sp500 --horizon 5",
        "engram predict runs/questions samples/data/questions.csv --output runs/questions/all.csv",
    ];

    protected override int Compute(ParseResult result, Terminal terminal)
    {
        string path = result.GetRequiredValue(_model);
        TaskModel model = TaskModel.Load(path, CommonOptions.Device(result));
        PredictRequest request = new(result, path, result.GetValue(_files) ?? [], result.GetValue(_output) ?? "-", _csv)
        {
            Horizon = result.GetValue(_horizon),
            Rolling = result.GetValue(_rolling),
        };
        return ModelKind.Of(model).Predict(model, request, terminal);
    }

    private void CheckRolling(CommandResult result)
    {
        if (!result.GetValue(_rolling))
        {
            return;
        }
        if (result.GetResult(_files) is not { Tokens.Count: > 0 })
        {
            result.AddError($"{_rolling.Name} needs {_files.Name}: the rows to forecast at.");
        }
        else if (result.GetResult(_horizon) is { Implicit: false })
        {
            result.AddError($"{_rolling.Name} forecasts the trained horizon: leave {_horizon.Name} out.");
        }
    }
}
