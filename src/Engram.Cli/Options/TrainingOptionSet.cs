using System.CommandLine;
using Engram.Tasks;
using Engram.Training;

namespace Engram.Cli.Options;

/// <summary>The options of <see cref="TrainingOptions"/>, which every task has, with the task's own defaults.</summary>
internal sealed class TrainingOptionSet
{
    private static readonly IReadOnlyList<(string Name, OptimizerKind Kind)> OptimizerNames =
    [
        ("adam", OptimizerKind.Adam), ("adamw", OptimizerKind.AdamW), ("nadam", OptimizerKind.Nadam), ("rmsprop", OptimizerKind.RmsProp),
        ("adagrad", OptimizerKind.Adagrad), ("sgd", OptimizerKind.Sgd), ("asgd", OptimizerKind.Asgd), ("nt-asgd", OptimizerKind.NtAsgd),
    ];

    private readonly TrainingOptions _defaults;
    private readonly Option<CellKind?> _cell;
    private readonly Option<IReadOnlyList<int>?> _units;
    private readonly Option<double?> _dropout;
    private readonly Option<int?> _epochs;
    private readonly Option<int?> _batchSize;
    private readonly Option<OptimizerKind?> _optimizer;
    private readonly Option<double?> _learningRate;
    private readonly Option<double?> _momentum;
    private readonly Option<bool> _nesterov;
    private readonly Option<string?> _schedule;
    private readonly Option<double?> _weightDecay;
    private readonly Option<double?> _clipNorm;
    private readonly Option<string?> _test;
    private readonly Option<string?> _validation;
    private readonly Option<int?> _patience;
    private readonly Option<double?> _average;
    private readonly Option<double?> _initial;
    private readonly Option<double?> _forgetBias;
    private readonly Option<TimeSpan?> _timeLimit;

    /// <param name="defaults">What holds where an option is not given.</param>
    /// <param name="words">How help speaks of the task's data.</param>
    public TrainingOptionSet(TrainingOptions defaults, DataWords words)
    {
        _defaults = defaults;
        _cell = Opt.Value(
            "--cell", string.Join('|', Cells.All.Select(cell => cell.Name)), "The recurrent cell.", Cells.NameOf(defaults.Cell), text => Values.OneOf(text, Cells.All));
        _units = Opt.Reference(
            "--units", "N,N", "Units of each recurrent layer, first to last.", string.Join(',', defaults.Units), Values.Integers);
        _dropout = Opt.Value(
            "--dropout", "P", "Share of a layer's outputs that is dropped while training.", Values.Write(defaults.Dropout), Values.Number);
        _epochs = Opt.Value("--epochs", "N", "The most passes over the training part.", Values.Write(defaults.Epochs), Values.Integer);
        _batchSize = Opt.Value("--batch-size", "N", $"{Capital(words.Sample)} to a training step.", Values.Write(defaults.BatchSize), Values.Integer);
        _optimizer = Opt.Value(
            "--optimizer", string.Join('|', OptimizerNames.Select(name => name.Name)), "What changes the weights.", OptimizerNames.First(name => name.Kind == defaults.Optimizer).Name, OptimizerOf);
        _learningRate = Opt.Value(
            "--learning-rate", "R", "The size of the optimizer's steps.", Values.Write(defaults.LearningRate), Values.Number);
        _momentum = Opt.Value(
            "--momentum", "M", "Share of the last step that the next one keeps, with sgd and rmsprop.", Values.Write(defaults.Momentum), Values.Number);
        _nesterov = Opt.Flag("--nesterov", "With sgd: Nesterov's momentum.");
        _schedule = Opt.Reference(
            "--schedule", "S", "How the learning rate changes: cosine, halve-after:4, step:10:0.5, one-cycle:0.01, plateau:5:0.5, warm-up:2:cosine.", "constant", ScheduleOf);
        _weightDecay = Opt.Value(
            "--weight-decay", "X", "Share of the weights, times the learning rate, that a step takes off.", "0, with adamw 0.01", Values.Number);
        _clipNorm = Opt.Value("--clip-norm", "X", "The largest norm of a step's gradient.", defaults.ClipNorm is { } norm ? Values.Write(norm) : "no limit", Values.Number);
        _test = Opt.Reference(
            "--test", "FRACTION|FILE", words.Test, Values.Write(defaults.Test), Values.Text);
        _validation = Opt.Reference(
            "--validation", words.ValidationMayBeFile ? "FRACTION|FILE" : "FRACTION", words.Validation, Values.Write(defaults.Validation),
            words.ValidationMayBeFile ? (Func<string, string>)Values.Text : Values.NumberText);
        _patience = Opt.Value(
            "--patience", "N", "Epochs without improvement after which training ends; 0 trains all epochs.", Values.Write(defaults.Patience), Values.Integer);
        _average = Opt.Value(
            "--average", "D", "Score and keep averages of the weights that forget so slowly: 0.999.", "none", Values.Number);
        _initial = Opt.Value("--initial", "uniform:X", "First weights uniform in ±X.", "Glorot and orthogonal", InitialOf);
        _forgetBias = Opt.Value(
            "--forget-bias", "X", "The forget gates' bias before training, where the cell has some.", Values.Write(defaults.ForgetBias), Values.Number);
        _timeLimit = Opt.Value(
            "--time-limit", "TIME", "Training ends with the batch at hand after this time: 90s, 10m, 2h.", "no limit", Values.Duration);
    }

    public IEnumerable<Option> All =>
    [
        _cell, _units, _dropout, _epochs, _batchSize, _optimizer, _learningRate, _momentum, _nesterov, _schedule, _weightDecay, _clipNorm, _test,
        _validation, _patience, _average, _initial, _forgetBias, _timeLimit,
    ];

    /// <summary>The file to score on; null where a share of the data is.</summary>
    public string? TestFile(ParseResult result) => FileOf(result.GetValue(_test));

    /// <summary>The file to validate on; null where a share of the data is.</summary>
    public string? ValidationFile(ParseResult result) => FileOf(result.GetValue(_validation));

    /// <summary>Options of a task with those that were given; what was left out stays.</summary>
    public T Apply<T>(ParseResult result, T options)
        where T : TrainingOptions => (T)(options with
        {
            Cell = result.GetValue(_cell) ?? _defaults.Cell,
            Units = result.GetValue(_units) ?? _defaults.Units,
            Dropout = result.GetValue(_dropout) ?? _defaults.Dropout,
            Epochs = result.GetValue(_epochs) ?? _defaults.Epochs,
            BatchSize = result.GetValue(_batchSize) ?? _defaults.BatchSize,
            Optimizer = result.GetValue(_optimizer) ?? _defaults.Optimizer,
            LearningRate = result.GetValue(_learningRate) ?? _defaults.LearningRate,
            Momentum = result.GetValue(_momentum) ?? _defaults.Momentum,
            Nesterov = result.GetValue(_nesterov),
            Schedule = result.GetValue(_schedule) ?? _defaults.Schedule,
            WeightDecay = result.GetValue(_weightDecay) ?? _defaults.WeightDecay,
            ClipNorm = result.GetValue(_clipNorm) ?? _defaults.ClipNorm,
            Test = ShareOf(result.GetValue(_test)) ?? _defaults.Test,
            Validation = ShareOf(result.GetValue(_validation)) ?? _defaults.Validation,
            Patience = result.GetValue(_patience) ?? _defaults.Patience,
            Average = result.GetValue(_average) ?? _defaults.Average,
            InitialRange = result.GetValue(_initial) ?? _defaults.InitialRange,
            ForgetBias = result.GetValue(_forgetBias) ?? _defaults.ForgetBias,
            TimeLimit = result.GetValue(_timeLimit) ?? _defaults.TimeLimit,
            Seed = result.GetValue(CommonOptions.Seed) ?? _defaults.Seed,
        });

    private static string? FileOf(string? value) => value is not null && !Values.TryNumber(value, out _) ? value : null;

    private static double? ShareOf(string? value) => value is not null && Values.TryNumber(value, out double share) ? share : null;

    private static OptimizerKind OptimizerOf(string text) => Values.OneOf(text, OptimizerNames);

    // The text that a schedule tells of itself, so that a run goes on however it was written.
    private static string ScheduleOf(string text) => LearningRateSchedule.Parse(text).ToString()!;

    private static double InitialOf(string text) => text.Split(':') is ["uniform", var range] && Values.TryNumber(range, out double value)
        ? value : throw new FormatException($"'{text}' is no start that this version knows. Give uniform and the range, such as uniform:0.1.");

    private static string Capital(string word) => char.ToUpperInvariant(word[0]) + word[1..];
}

/// <summary>How help speaks of a task's data.</summary>
/// <param name="Sample">What a batch has several of: <c>windows</c>.</param>
/// <param name="Test">What <c>--test</c> takes.</param>
/// <param name="Validation">What <c>--validation</c> takes.</param>
/// <param name="ValidationMayBeFile">Whether that option takes a file too.</param>
internal sealed record DataWords(string Sample, string Test, string Validation, bool ValidationMayBeFile = false);
