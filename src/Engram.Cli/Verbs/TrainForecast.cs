using System.CommandLine;
using Engram.Cli.Options;
using Engram.Tasks;

namespace Engram.Cli.Verbs;

/// <summary><c>engram train forecast</c>: from a CSV file to a run folder with model, scores and pictures.</summary>
internal sealed class TrainForecast : ProfiledVerb
{
    private readonly Argument<string[]> _files = Arg.Data(
        "CSV files of the same columns, oldest rows first, or - for standard input.", ArgumentArity.OneOrMore);

    private readonly Option<string?> _target = Opt.Reference("--target", "COLUMN", "The column to forecast, whatever its case.", null, Values.Text);

    private readonly Option<string?> _output = Opt.Reference(
        "--output", "RUN", "The folder that receives model, report and pictures.", "runs/<file>-<target>, numbered", Values.Text);

    private readonly Option<bool> _overwrite = Opt.Flag("--overwrite", "Replace the run that the folder holds.");

    private readonly Option<bool> _resume = Opt.Flag("--resume", "Go on with the run that the folder holds, with the same data and options.");

    private readonly Option<int?> _checkpointEpochs = Opt.Value(
        "--checkpoint-epochs", "N", "Epochs from one checkpoint to the next.", "1", Values.Integer);

    private readonly Option<TimeSpan?> _checkpointInterval = Opt.Value(
        "--checkpoint-interval", "TIME", "Time after which a checkpoint is written within an epoch; 0s: after every batch.", "60s", Values.Duration);

    private readonly Option<int?> _gradientStatistics = Opt.Value(
        "--gradient-statistics", "N", "Every N batches the gradients of each layer go into events.jsonl.", "never", Values.Integer);

    private readonly ForecastOptionSet _training = new();
    private readonly CsvOptionSet _csv = new();

    public TrainForecast()
        : base("forecast", "Train an LSTM, or another recurrent network, to forecast a column, and score it on the newest rows beside simple forecasts.")
    {
        Add(_files);
        AddAll([_target, _output, _overwrite, _resume, _checkpointEpochs, _checkpointInterval, _gradientStatistics, .. _training.All, .. _csv.All]);
        Validators.Add(result =>
        {
            if (result.GetValue(_resume) && result.GetResult(_output) is null or { Implicit: true })
            {
                result.AddError($"{_resume.Name} needs {_output.Name}: the folder of the run to go on with.");
            }
        });
    }

    public override IReadOnlyList<string> Examples =>
    [
        "engram train forecast samples/data/sp500.csv --target close --output runs/sp500",
        "engram train forecast samples/data/sp500.csv --target close --features open,volume --window 30 --horizon 5 --units 32 --epochs 5",
    ];

    protected override int Compute(ParseResult result, Terminal terminal)
    {
        ForecastRunOptions options = ReadOptions(result);
        return TrainingRun.Execute(terminal, (progress, cancellation) =>
            ForecastRun.Execute(options, CommonOptions.Device(result), progress, cancellation: cancellation));
    }

    private ForecastRunOptions ReadOptions(ParseResult result)
    {
        string[] files = result.GetRequiredValue(_files);
        string target = result.GetRequiredValue(_target)!;
        string? output = result.GetValue(_output);
        return new ForecastRunOptions
        {
            Files = files,
            Input = files is ["-"] ? Console.OpenStandardInput() : null,
            Target = target,
            Output = output ?? DefaultRunFolder.Choose(files[0], target),
            TestFile = _training.TestFile(result),
            Csv = _csv.Read(result),
            Training = _training.Read(result),
            CheckpointEpochs = result.GetValue(_checkpointEpochs) ?? 1,
            CheckpointInterval = result.GetValue(_checkpointInterval) ?? TimeSpan.FromMinutes(1),
            GradientStatistics = result.GetValue(_gradientStatistics) ?? 0,
            Overwrite = result.GetValue(_overwrite),
            Resume = result.GetValue(_resume),
        };
    }
}
