using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Engram.Tasks;

/// <summary>The JSON of tasks, without reflection. Numbers come back to the bit.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true,
    WriteIndented = true)]
[JsonSerializable(typeof(ForecastReport))]
[JsonSerializable(typeof(ForecastEvaluation))]
[JsonSerializable(typeof(ForecastDocument))]
[JsonSerializable(typeof(RunSettings<ForecastRunOptions>), TypeInfoPropertyName = "ForecastSettings")]
[JsonSerializable(typeof(ClassifierReport))]
[JsonSerializable(typeof(ClassifierEvaluation))]
[JsonSerializable(typeof(ClassifierDocument))]
[JsonSerializable(typeof(RunSettings<ClassifierRunOptions>), TypeInfoPropertyName = "ClassifierSettings")]
[JsonSerializable(typeof(LanguageModelReport))]
[JsonSerializable(typeof(LanguageModelEvaluation))]
[JsonSerializable(typeof(LanguageModelDocument))]
[JsonSerializable(typeof(RunSettings<LanguageModelRunOptions>), TypeInfoPropertyName = "LanguageModelSettings")]
[JsonSerializable(typeof(TaggingReport))]
[JsonSerializable(typeof(TaggingEvaluation))]
[JsonSerializable(typeof(TaggingDocument))]
[JsonSerializable(typeof(RunSettings<TaggingRunOptions>), TypeInfoPropertyName = "TaggingSettings")]
internal sealed partial class TaskJson : JsonSerializerContext
{
    // Column names in Chinese stay readable; nothing is ever put into a web page.
    private static readonly Lazy<TaskJson> _readable =
        new(() => new TaskJson(new JsonSerializerOptions(Default!.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }));

    private static readonly Lazy<TaskJson> _dense = new(() => new TaskJson(new JsonSerializerOptions(Default!.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = false,
    }));

    /// <summary>For people: indented.</summary>
    public static TaskJson Readable => _readable.Value;

    /// <summary>For model files: without blanks.</summary>
    public static TaskJson Dense => _dense.Value;

    /// <summary>Writes a document.</summary>
    public static string Write<T>(T document, JsonTypeInfo<T> type) => JsonSerializer.Serialize(document, type);

    /// <summary>The task that a model file's description is of; null where it does not tell.</summary>
    public static string? KindOf(JsonElement? task) =>
        task is { ValueKind: JsonValueKind.Object } json && json.TryGetProperty("kind", out JsonElement kind) && kind.ValueKind == JsonValueKind.String
            ? kind.GetString() : null;
}
