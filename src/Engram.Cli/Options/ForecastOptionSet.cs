using System.CommandLine;
using System.Globalization;
using Engram.Data;
using Engram.Tasks;
using Engram.Training;

namespace Engram.Cli.Options;

/// <summary>The options of <see cref="ForecastOptions"/>, whose defaults they take over.</summary>
internal sealed class ForecastOptionSet
{
    private static readonly ForecastOptions Defaults = new();

    private readonly Option<IReadOnlyList<string>?> _time = Opt.Reference(
        "--time", "COLUMN", "The column that holds the time, or several such as year,month,day,hour.", "the first that parses as time", Values.Names);

    private readonly Option<IReadOnlyList<string>?> _features = Opt.Reference(
        "--features", "A,B", "Columns to predict from, beside the target's own past.", "none", Values.Names);

    private readonly Option<int?> _window = Opt.Value("--window", "N", "Rows that the network sees.", Write(Defaults.Window), Values.Integer);

    private readonly Option<int?> _horizon = Opt.Value("--horizon", "N", "Rows ahead that it predicts, all at once.", Write(Defaults.Horizon), Values.Integer);

    private readonly Option<CellKind?> _cell = Opt.Value(
        "--cell", string.Join('|', Cells.All.Select(cell => cell.Name)), "The recurrent cell.", Cells.NameOf(Defaults.Cell), text => Values.OneOf(text, Cells.All));

    private readonly Option<IReadOnlyList<int>?> _units = Opt.Reference(
        "--units", "N,N", "Units of each recurrent layer, first to last.", string.Join(',', Defaults.Units), Values.Integers);

    private readonly Option<ScalerKind?> _scale = Opt.Value(
        "--scale", "standard|min-max|none", "How values are brought into a common range, fitted to the training part.", "standard", ScaleOf);

    private readonly Option<Differencing?> _difference = Opt.Value(
        "--difference", "auto|none|first|seasonal", "Learn the values, or their change since the last row or season.", "auto", DifferenceOf);

    private readonly Option<double?> _dropout = Opt.Value(
        "--dropout", "P", "Share of a layer's outputs that is dropped while training.", Write(Defaults.Dropout), Values.Number);

    private readonly Option<int?> _epochs = Opt.Value("--epochs", "N", "The most passes over the training part.", Write(Defaults.Epochs), Values.Integer);

    private readonly Option<int?> _batchSize = Opt.Value("--batch-size", "N", "Windows to a training step.", Write(Defaults.BatchSize), Values.Integer);

    private readonly Option<OptimizerKind?> _optimizer = Opt.Value(
        "--optimizer", "adam|adamw|nadam|rmsprop|adagrad|sgd|asgd|nt-asgd", "What changes the weights.", "adam", OptimizerOf);

    private readonly Option<double?> _learningRate = Opt.Value(
        "--learning-rate", "R", "The size of the optimizer's steps.", Write(Defaults.LearningRate), Values.Number);

    private readonly Option<double?> _momentum = Opt.Value(
        "--momentum", "M", "Share of the last step that the next one keeps, with sgd and rmsprop.", Write(Defaults.Momentum), Values.Number);

    private readonly Option<bool> _nesterov = Opt.Flag("--nesterov", "With sgd: Nesterov's momentum.");

    private readonly Option<string?> _schedule = Opt.Reference(
        "--schedule", "S", "How the learning rate changes: cosine, halve-after:4, step:10:0.5, one-cycle:0.01, plateau:5:0.5, warm-up:2:cosine.", "constant", ScheduleOf);

    private readonly Option<double?> _weightDecay = Opt.Value(
        "--weight-decay", "X", "Share of the weights, times the learning rate, that a step takes off.", "0, with adamw 0.01", Values.Number);

    private readonly Option<double?> _clipNorm = Opt.Value("--clip-norm", "X", "The largest norm of a step's gradient.", "no limit", Values.Number);

    private readonly Option<string?> _test = Opt.Reference(
        "--test", "FRACTION|FILE", "Newest share of the rows to score on, or a file that follows in time.", Write(Defaults.Test), Values.Text);

    private readonly Option<double?> _validation = Opt.Value(
        "--validation", "FRACTION", "Newest share of the rest, on which the best epoch is chosen.", Write(Defaults.Validation), Values.Number);

    private readonly Option<int?> _patience = Opt.Value(
        "--patience", "N", "Epochs without improvement after which training ends; 0 trains all epochs.", Write(Defaults.Patience), Values.Integer);

    private readonly Option<int?> _season = Opt.Value(
        "--season", "N", "Rows to a season; 0 for none.", "24 hourly, 7 daily, 5 business-daily, 12 monthly", Values.Integer);

    private readonly Option<bool> _refit = Opt.Flag("--refit", "Once the scores are known, train anew on all rows for the best number of epochs.");

    private readonly Option<double?> _initial = Opt.Value("--initial", "uniform:X", "First weights uniform in ±X.", "Glorot and orthogonal", InitialOf);

    private readonly Option<double?> _forgetBias = Opt.Value(
        "--forget-bias", "X", "The forget gates' bias before training, where the cell has some.", Write(Defaults.ForgetBias), Values.Number);

    private readonly Option<TimeSpan?> _timeLimit = Opt.Value(
        "--time-limit", "TIME", "Training ends with the batch at hand after this time: 90s, 10m, 2h.", "no limit", Values.Duration);

    public IEnumerable<Option> All =>
    [
        _time, _features, _window, _horizon, _cell, _units, _scale, _difference, _dropout, _epochs, _batchSize, _optimizer, _learningRate,
        _momentum, _nesterov, _schedule, _weightDecay, _clipNorm, _test, _validation, _patience, _season, _refit, _initial, _forgetBias, _timeLimit,
    ];

    /// <summary>The file to score on; null where a share of the rows is.</summary>
    public string? TestFile(ParseResult result) =>
        result.GetValue(_test) is { } test && !Values.TryNumber(test, out _) ? test : null;

    /// <summary>The options as given; what was left out has its default.</summary>
    public ForecastOptions Read(ParseResult result) =>
        new()
        {
            Time = result.GetValue(_time) ?? Defaults.Time,
            Features = result.GetValue(_features) ?? Defaults.Features,
            Window = result.GetValue(_window) ?? Defaults.Window,
            Horizon = result.GetValue(_horizon) ?? Defaults.Horizon,
            Cell = result.GetValue(_cell) ?? Defaults.Cell,
            Units = result.GetValue(_units) ?? Defaults.Units,
            Scale = result.GetValue(_scale) ?? Defaults.Scale,
            Difference = result.GetValue(_difference) ?? Defaults.Difference,
            Dropout = result.GetValue(_dropout) ?? Defaults.Dropout,
            Epochs = result.GetValue(_epochs) ?? Defaults.Epochs,
            BatchSize = result.GetValue(_batchSize) ?? Defaults.BatchSize,
            Optimizer = result.GetValue(_optimizer) ?? Defaults.Optimizer,
            LearningRate = result.GetValue(_learningRate) ?? Defaults.LearningRate,
            Momentum = result.GetValue(_momentum) ?? Defaults.Momentum,
            Nesterov = result.GetValue(_nesterov),
            Schedule = result.GetValue(_schedule) ?? Defaults.Schedule,
            WeightDecay = result.GetValue(_weightDecay) ?? Defaults.WeightDecay,
            ClipNorm = result.GetValue(_clipNorm) ?? Defaults.ClipNorm,
            Test = Values.TryNumber(result.GetValue(_test) ?? "", out double share) ? share : Defaults.Test,
            Validation = result.GetValue(_validation) ?? Defaults.Validation,
            Patience = result.GetValue(_patience) ?? Defaults.Patience,
            Season = result.GetValue(_season) ?? Defaults.Season,
            Refit = result.GetValue(_refit),
            InitialRange = result.GetValue(_initial) ?? Defaults.InitialRange,
            ForgetBias = result.GetValue(_forgetBias) ?? Defaults.ForgetBias,
            TimeLimit = result.GetValue(_timeLimit) ?? Defaults.TimeLimit,
            Seed = result.GetValue(CommonOptions.Seed) ?? Defaults.Seed,
        };

    private static ScalerKind ScaleOf(string text) =>
        Values.OneOf(text, [("standard", ScalerKind.Standard), ("min-max", ScalerKind.MinMax), ("none", ScalerKind.None)]);

    private static Differencing DifferenceOf(string text) => Values.OneOf(
        text, [("auto", Differencing.Auto), ("none", Differencing.None), ("first", Differencing.First), ("seasonal", Differencing.Seasonal)]);

    private static OptimizerKind OptimizerOf(string text) => Values.OneOf(
        text,
        [
            ("adam", OptimizerKind.Adam), ("adamw", OptimizerKind.AdamW), ("nadam", OptimizerKind.Nadam), ("rmsprop", OptimizerKind.RmsProp),
            ("adagrad", OptimizerKind.Adagrad), ("sgd", OptimizerKind.Sgd), ("asgd", OptimizerKind.Asgd), ("nt-asgd", OptimizerKind.NtAsgd),
        ]);

    // The text that a schedule tells of itself, so that a run goes on however it was written.
    private static string ScheduleOf(string text) => LearningRateSchedule.Parse(text).ToString()!;

    private static double InitialOf(string text) => text.Split(':') is ["uniform", var range] && Values.TryNumber(range, out double value)
        ? value : throw new FormatException($"'{text}' is no start that this version knows. Give uniform and the range, such as uniform:0.1.");

    private static string Write(double value) => value.ToString(CultureInfo.InvariantCulture);
}
