using System.CommandLine;
using Engram.Data;
using Engram.Tasks;

namespace Engram.Cli.Options;

/// <summary>The options of <see cref="ForecastOptions"/>, whose defaults they take over.</summary>
internal sealed class ForecastOptionSet
{
    private static readonly ForecastOptions Defaults = new();

    private readonly Option<IReadOnlyList<string>?> _time = Opt.Reference(
        "--time", "COLUMN", "The column that holds the time, or several such as year,month,day,hour; none to take rows in their order.", "the first that parses as time", Values.Names);

    private readonly Option<IReadOnlyList<string>?> _features = Opt.Reference(
        "--features", "A,B", "Columns to predict from, beside the target's own past.", "none", Values.Names);

    private readonly Option<int?> _window = Opt.Value("--window", "N", "Rows that the network sees.", Values.Write(Defaults.Window), Values.Integer);

    private readonly Option<int?> _horizon = Opt.Value("--horizon", "N", "Rows ahead that it predicts, all at once.", Values.Write(Defaults.Horizon), Values.Integer);

    private readonly Option<ScalerKind?> _scale = Opt.Value(
        "--scale", "standard|min-max|none", "How values are brought into a common range, fitted to the training part.", "standard", ScaleOf);

    private readonly Option<Differencing?> _difference = Opt.Value(
        "--difference", "auto|none|first|seasonal", "Learn the values, or their change since the last row or season.", "auto", DifferenceOf);

    private readonly Option<int?> _season = Opt.Value(
        "--season", "N", "Rows to a season; 0 for none.", "24 hourly, 7 daily, 5 business-daily, 12 monthly, 4 quarterly", Values.Integer);

    private readonly Option<bool> _refit = Opt.Flag("--refit", "Once the scores are known, train anew on all rows for the best number of epochs.");

    private readonly TrainingOptionSet _training = new(Defaults, new DataWords(
        "windows", "Newest share of the rows to score on, or a file that follows in time.", "Newest share of the rest, on which the best epoch is chosen."));

    public IEnumerable<Option> All => [_time, _features, _window, _horizon, _scale, _difference, _season, _refit, .. _training.All];

    /// <inheritdoc cref="TrainingOptionSet.TestFile"/>
    public string? TestFile(ParseResult result) => _training.TestFile(result);

    /// <summary>The options as given; what was left out has its default.</summary>
    public ForecastOptions Read(ParseResult result) => _training.Apply(result, new ForecastOptions
    {
        Time = result.GetValue(_time) is ["none"] ? [] : result.GetValue(_time) ?? Defaults.Time,
        Features = result.GetValue(_features) ?? Defaults.Features,
        Window = result.GetValue(_window) ?? Defaults.Window,
        Horizon = result.GetValue(_horizon) ?? Defaults.Horizon,
        Scale = result.GetValue(_scale) ?? Defaults.Scale,
        Difference = result.GetValue(_difference) ?? Defaults.Difference,
        Season = result.GetValue(_season) ?? Defaults.Season,
        Refit = result.GetValue(_refit),
    });

    private static ScalerKind ScaleOf(string text) =>
        Values.OneOf(text, [("standard", ScalerKind.Standard), ("min-max", ScalerKind.MinMax), ("none", ScalerKind.None)]);

    private static Differencing DifferenceOf(string text) => Values.OneOf(
        text, [("auto", Differencing.Auto), ("none", Differencing.None), ("first", Differencing.First), ("seasonal", Differencing.Seasonal)]);
}
