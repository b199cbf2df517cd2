using System.CommandLine;
using Engram.Cli.Kinds;
using Engram.Cli.Options;
using Engram.Tasks;

namespace Engram.Cli.Verbs;

/// <summary><c>engram train forecast</c>: from a CSV file to a run folder with model, scores and pictures.</summary>
internal sealed class TrainForecast : ProfiledVerb
{
    private readonly Argument<string[]> _files = Arg.Data(
        "CSV files of the same columns, oldest rows first, or - for standard input.", ArgumentArity.OneOrMore);

    private readonly Option<string?> _target = Opt.Reference("--target", "COLUMN", "The column to forecast, whatever its case.", null, Values.Text);

    private readonly RunOptionSet _run;
    private readonly ForecastOptionSet _training = new();
    private readonly CsvOptionSet _csv = new();

    public TrainForecast()
        : base("forecast", "Train an LSTM, or another recurrent network, to forecast a column, and score it on the newest rows beside simple forecasts.")
    {
        Add(_files);
        Add(_target);
        _run = new RunOptionSet(this, "runs/<file>-<target>, numbered");
        AddAll([.. _training.All, .. _csv.All]);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "engram train forecast samples/data/sp500.csv --target close --output runs/sp500",
        "engram train forecast samples/data/sp500.csv --target close --features open,volume --window 30 --horizon 5 --units 32 --epochs 5",
    ];

    protected override int Compute(ParseResult result, Terminal terminal)
    {
        ForecastRunOptions options = ReadOptions(result);
        return TrainingRun.Execute(terminal, new ForecasterKind(), (progress, cancellation) =>
            ForecastRun.Execute(options, CommonOptions.Device(result), progress, cancellation: cancellation));
    }

    private ForecastRunOptions ReadOptions(ParseResult result)
    {
        string[] files = result.GetRequiredValue(_files);
        string target = result.GetRequiredValue(_target)!;
        ForecastRunOptions options = new()
        {
            Files = files,
            Input = files is ["-"] ? Console.OpenStandardInput() : null,
            Target = target,
            TestFile = _training.TestFile(result),
            Csv = _csv.Read(result),
            Training = _training.Read(result),
        };
        return _run.Apply(result, options, target);
    }
}
