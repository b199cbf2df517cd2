using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Engram.Tasks;

/// <summary>The JSON of the forecast task, without reflection. Numbers come back to the bit.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    WriteIndented = true)]
[JsonSerializable(typeof(ForecastReport))]
[JsonSerializable(typeof(ForecastEvaluation))]
internal sealed partial class ForecastJson : JsonSerializerContext
{
    // Column names in Chinese stay readable; nothing is ever put into a web page.
    private static readonly Lazy<ForecastJson> _readable = new(() => new ForecastJson(new JsonSerializerOptions(Default!.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));

    public static string Write(ForecastReport report) => JsonSerializer.Serialize(report, _readable.Value.ForecastReport);

    public static string Write(ForecastEvaluation evaluation) => JsonSerializer.Serialize(evaluation, _readable.Value.ForecastEvaluation);
}
