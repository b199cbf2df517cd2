using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Engram.Tasks;

/// <summary>The JSON of the forecast task, without reflection. Numbers come back to the bit.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true,
    WriteIndented = true)]
[JsonSerializable(typeof(ForecastReport))]
[JsonSerializable(typeof(ForecastEvaluation))]
[JsonSerializable(typeof(ForecastDocument))]
[JsonSerializable(typeof(RunSettings))]
internal sealed partial class ForecastJson : JsonSerializerContext
{
    // Column names in Chinese stay readable; nothing is ever put into a web page.
    private static readonly Lazy<ForecastJson> _readable =
        new(() => new ForecastJson(new JsonSerializerOptions(Default!.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));

    private static readonly Lazy<ForecastJson> _dense = new(() => new ForecastJson(new JsonSerializerOptions(Default!.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = false,
    }));

    public static string Write(ForecastReport report) => JsonSerializer.Serialize(report, _readable.Value.ForecastReport);

    public static string Write(ForecastEvaluation evaluation) => JsonSerializer.Serialize(evaluation, _readable.Value.ForecastEvaluation);

    public static string Write(ForecastDocument document) => JsonSerializer.Serialize(document, _dense.Value.ForecastDocument);

    public static string Write(RunSettings settings) => JsonSerializer.Serialize(settings, _readable.Value.RunSettings);

    /// <summary>Reads the description of a task; null where it is of another kind.</summary>
    public static ForecastDocument? ReadDocument(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("kind", out JsonElement kind) && kind.ValueKind == JsonValueKind.String
            && kind.GetString() == Tasks.ForecastDocument.TaskKind
            ? json.Deserialize(Default!.ForecastDocument) : null;

    public static RunSettings? ReadSettings(string text) => JsonSerializer.Deserialize(text, Default!.RunSettings);
}
