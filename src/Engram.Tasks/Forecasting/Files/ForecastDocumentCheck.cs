using static Engram.Tasks.TaskModel;

namespace Engram.Tasks;

/// <summary>Checks what a model file says of its task, before anything is computed from it.</summary>
internal static class ForecastDocumentCheck
{
    private const int MostRows = 1 << 24;

    /// <exception cref="FormatException">Something is missing, out of range, or does not fit the network.</exception>
    public static void Check(ForecastDocument document, Sequential model)
    {
        ForecastSpec spec = document.Spec;
        Require(document.Kind == ForecastDocument.TaskKind, $"its task is «{document.Kind}», not «{ForecastDocument.TaskKind}»");
        Require(spec.Schema?.Features is { Count: > 0 } && spec.Schema.Features.All(feature => !string.IsNullOrWhiteSpace(feature?.Column))
            && spec.Schema.TimeColumns is not null && spec.Schema.TimeColumns.All(name => name is not null)
            && spec.Schema.Step is not null && spec.Schema.MaximumGap >= 0, "its columns are not given");
        Require(spec.Schema!.Reading is null or { DecimalMark: null or '.' or ',' } && (spec.Schema.Reading?.DateOrder is null || Enum.IsDefined(spec.Schema.Reading.DateOrder.Value))
            && spec.Schema.Reading?.MissingValues?.Contains(null!) != true, "how its data were read is unknown");
        int features = spec.Schema!.Features.Count;
        Require(spec.Window is >= 1 and <= MostRows && spec.Horizon is >= 1 and <= MostRows && spec.Season is 0 or (>= 2 and <= MostRows), "window, horizon or season is out of range");
        Require(model.InputShape == new Shape(spec.Window, features), $"the network takes {model.InputShape}, its task [{spec.Window}, {features}]");
        Require(model.OutputShape == new Shape(spec.Horizon), $"the network gives {model.OutputShape}, its task [{spec.Horizon}]");
        Require(Enum.IsDefined(spec.Difference) && spec.Difference != Differencing.Auto
            && (spec.Difference != Differencing.Seasonal || spec.Season > 0), "its difference is unknown");
        Require(spec.Relative is not null && spec.Relative.All(feature => feature >= 0 && feature < features), "its relative features are out of range");
        Require(spec.Scalers is not null && spec.Scalers.Count == features
            && spec.Scalers.All(scaler => scaler is not null && double.IsFinite(scaler.Offset) && double.IsFinite(scaler.Scale) && scaler.Scale > 0), "its scalers do not fit its features");
        Require(double.IsFinite(spec.TargetScale) && spec.TargetScale > 0 && double.IsFinite(spec.NaiveError) && spec.NaiveError > 0, "its scale is out of range");
        Require(document.Tail?.Values is not null && document.Tail.Values.Length % features == 0 && document.Tail.Values.All(double.IsFinite), "its last rows are damaged");
        Require(document.Options?.Units is not null && Enum.IsDefined(document.Options.Cell) && document.Options.Features is not null && document.Files is not null && document.Sha256 is not null, "its options are missing");
        if (document.Linear is { } linear)
        {
            Require(linear.Means is not null && linear.Deviations is not null && linear.Coefficients is not null
                && linear.Means.Length == features && linear.Deviations.All(deviation => deviation > 0), "its linear baseline is damaged");
            linear.ToBaseline(spec);
        }
    }
}
