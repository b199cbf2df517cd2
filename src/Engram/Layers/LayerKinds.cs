using System.Text.Json;

namespace Engram.Layers;

/// <summary>The layers that a model file may name, made from their options. What a file says is checked, not trusted.</summary>
internal static class LayerKinds
{
    private const int MostUnits = 1 << 20;

    /// <summary>Makes a layer; throws <see cref="FormatException"/> where the options are not those of such a layer.</summary>
    public static Layer Create(string kind, JsonElement options) => kind switch
    {
        "lstm" => new Lstm(Units(options)) { ReturnSequences = Boolean(options, "returnSequences") },
        "dense" => new Dense(Units(options), NamedActivation(options)) { UseBias = Boolean(options, "useBias") },
        "dropout" => new Dropout(Rate(options)),
        "activation" => new ActivationLayer(NamedActivation(options)),
        _ => throw new FormatException($"layer kind «{kind}» is unknown to this version"),
    };

    private static int Units(JsonElement options) =>
        Property(options, "units", JsonValueKind.Number).TryGetInt32(out int units) && units is >= 1 and <= MostUnits
            ? units : throw new FormatException($"«units» must be 1 … {MostUnits}");

    private static double Rate(JsonElement options) =>
        Property(options, "rate", JsonValueKind.Number).TryGetDouble(out double rate) && rate is >= 0 and < 1
            ? rate : throw new FormatException("«rate» must be at least 0 and below 1");

    private static Activation NamedActivation(JsonElement options)
    {
        string name = Property(options, "activation", JsonValueKind.String).GetString()!;
        foreach (Activation activation in Enum.GetValues<Activation>())
        {
            if (ActivationLayer.NameOf(activation) == name)
            {
                return activation;
            }
        }
        throw new FormatException($"activation «{name}» is unknown");
    }

    private static bool Boolean(JsonElement options, string name)
    {
        JsonElement value = Property(options, name, null);
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw new FormatException($"«{name}» must be true or false");
    }

    private static JsonElement Property(JsonElement options, string name, JsonValueKind? kind) =>
        options.ValueKind == JsonValueKind.Object && options.TryGetProperty(name, out JsonElement value) && (kind is null || value.ValueKind == kind)
            ? value : throw new FormatException($"«{name}» is missing or of the wrong type");
}
