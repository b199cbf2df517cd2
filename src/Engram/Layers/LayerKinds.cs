using System.Text.Json;

namespace Engram.Layers;

/// <summary>The layers that a model file may name, made from their options. What a file says is checked, not trusted.</summary>
internal static class LayerKinds
{
    public const int MostUnits = 1 << 20;

    private const int MostIds = 1 << 24;

    private const int MostParts = 1000;

    /// <summary>Makes a layer; throws <see cref="FormatException"/> where the options are not those of such a layer.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="options">Its options.</param>
    /// <param name="earlier">Layers that stand before it in the file, by name.</param>
    public static Layer Create(string kind, JsonElement options, IReadOnlyDictionary<string, Layer> earlier) => kind switch
    {
        "lstm" => new Lstm(Units(options))
        {
            Options = options, CellZoneout = OptionalRate(options, "cellZoneout"),
            Variant = Named(options, "variant", LstmVariant.Standard), Projection = Projection(options),
        },
        "gru" => new Gru(Units(options)) { Options = options, ResetAfter = Boolean(options, "resetAfter") },
        "rnn" => new SimpleRnn(Units(options), RnnActivation(options)) { Options = options },
        "bidirectional" => new Bidirectional(
            Part(options, earlier) as RecurrentLayer is { GoBackwards: false } layer ? layer : throw new FormatException("a bidirectional layer is made of a recurrent one"),
            Named(options, "merge", BidirectionalMerge.Concatenate)),
        "residual" => new Residual(Part(options, earlier)),
        "dense" => new Dense(Units(options), NamedActivation(options)) { UseBias = Boolean(options, "useBias") },
        "dropout" => new Dropout(Rate(options)) { SharedOverTime = OptionalBoolean(options, "sharedOverTime") },
        "embedding" => new Embedding(Number(options, "vocabulary", MostIds), Number(options, "size", MostUnits)) { MaskZero = Boolean(options, "maskZero"), Dropout = OptionalRate(options, "dropout") },
        "tied-dense" => new TiedDense(NamedEmbedding(options, earlier), NamedActivation(options)) { UseBias = Boolean(options, "useBias") },
        "concatenate" => new Concatenate(),
        "add" => new Add(),
        "layer-normalization" => new LayerNormalization { Epsilon = Positive(options, "epsilon") },
        "global-mean-pooling" => new GlobalMeanPooling(),
        "global-max-pooling" => new GlobalMaxPooling(),
        "attention-pooling" => Number(options, "units", MostUnits, least: 0) is > 0 and int units ? AttentionPooling.Additive(units) : AttentionPooling.DotProduct(),
        "conv1d" => new Conv1D(Number(options, "filters", MostUnits), Number(options, "size", MostUnits), NamedActivation(options))
        {
            Dilation = Number(options, "dilation", MostUnits), Padding = NamedPadding(options), UseBias = Boolean(options, "useBias"),
        },
        "reshape" => new Reshape(Sizes(options)),
        "time-distributed" => new TimeDistributed(Parts(options, earlier)),
        "conditional-random-field" => new ConditionalRandomField(),
        "repeat-vector" => new RepeatVector(Number(options, "steps", MostUnits)),
        "activation" => new ActivationLayer(NamedActivation(options)),
        _ => throw new FormatException($"layer kind «{kind}» is unknown to this version"),
    };

    private static int Units(JsonElement options) => Number(options, "units", MostUnits);

    private static int Number(JsonElement options, string name, int most, int least = 1) =>
        Property(options, name, JsonValueKind.Number).TryGetInt32(out int number) && number >= least && number <= most
            ? number : throw new FormatException($"«{name}» must be {least} … {most}");

    private static double Rate(JsonElement options, string name = "rate") =>
        Property(options, name, JsonValueKind.Number).TryGetDouble(out double rate) && rate is >= 0 and < 1
            ? rate : throw new FormatException($"«{name}» must be at least 0 and below 1");

    /// <summary>0 where an option is not given.</summary>
    internal static double OptionalRate(JsonElement options, string name) => options.TryGetProperty(name, out _) ? Rate(options, name) : 0;

    internal static double Positive(JsonElement options, string name) =>
        Property(options, name, JsonValueKind.Number).TryGetDouble(out double number) && number > 0 && double.IsFinite(number)
            ? number : throw new FormatException($"«{name}» must be a number above 0");

    private static int[] Sizes(JsonElement options)
    {
        var sizes = new List<int>();
        foreach (JsonElement size in Property(options, "sizes", JsonValueKind.Array).EnumerateArray())
        {
            sizes.Add(size.ValueKind == JsonValueKind.Number && size.TryGetInt32(out int value) && (value is -1 or (>= 1 and <= MostIds))
                ? value : throw new FormatException("a size in «sizes» is out of range"));
        }
        return sizes.Count is >= 1 and < Shape.MaxRank ? [.. sizes] : throw new FormatException("«sizes» has too few or too many sizes");
    }

    /// <summary>False where an option is not given.</summary>
    internal static bool OptionalBoolean(JsonElement options, string name) => options.TryGetProperty(name, out _) && Boolean(options, name);

    private static TEnum Named<TEnum>(JsonElement options, string name, TEnum byDefault)
        where TEnum : struct, Enum
    {
        if (!options.TryGetProperty(name, out _))
        {
            return byDefault;
        }
        string text = Property(options, name, JsonValueKind.String).GetString()!;
        return Enum.TryParse(text, out TEnum value) && Enum.IsDefined(value) && value.ToString() == text ? value : throw new FormatException($"«{name}» «{text}» is unknown");
    }

    /// <summary>A layer inside another. How deep the text of a file may go, its reader bounds.</summary>
    private static Layer Part(JsonElement options, IReadOnlyDictionary<string, Layer> earlier) => Made(Property(options, "layer", JsonValueKind.Object), earlier);

    private static Layer[] Parts(JsonElement options, IReadOnlyDictionary<string, Layer> earlier)
    {
        JsonElement parts = Property(options, "layers", JsonValueKind.Array);
        return parts.GetArrayLength() is >= 1 and <= MostParts ? [.. parts.EnumerateArray().Select(part => Made(part, earlier))]
            : throw new FormatException($"«layers» must be 1 … {MostParts} layers");
    }

    private static Layer Made(JsonElement part, IReadOnlyDictionary<string, Layer> earlier)
    {
        string kind = Property(part, "kind", JsonValueKind.String).GetString()!;
        return kind == "tied-dense" ? throw new FormatException("a layer inside another cannot share the vectors of an embedding") : Create(kind, part, earlier);
    }

    private static int Projection(JsonElement options) =>
        !options.TryGetProperty("projection", out _) ? 0
        : Property(options, "projection", JsonValueKind.Number).TryGetInt32(out int size) && size >= 1 && size < Units(options)
            ? size : throw new FormatException("«projection» must be at least 1 and below the units");

    private static Activation RnnActivation(JsonElement options) =>
        NamedActivation(options) is Activation activation and (Activation.Tanh or Activation.ReLU)
            ? activation : throw new FormatException("a simple recurrent layer has tanh or ReLU");

    private static Activation NamedActivation(JsonElement options) => ByName<Activation>(options, "activation", ActivationLayer.NameOf);

    private static Padding NamedPadding(JsonElement options) => ByName<Padding>(options, "padding", Conv1D.NameOf);

    /// <summary>The value whose name in files an option gives.</summary>
    private static TEnum ByName<TEnum>(JsonElement options, string property, Func<TEnum, string> nameOf)
        where TEnum : struct, Enum
    {
        string name = Property(options, property, JsonValueKind.String).GetString()!;
        foreach (TEnum value in Enum.GetValues<TEnum>())
        {
            if (nameOf(value) == name)
            {
                return value;
            }
        }
        throw new FormatException($"{property} «{name}» is unknown");
    }

    private static Embedding NamedEmbedding(JsonElement options, IReadOnlyDictionary<string, Layer> earlier)
    {
        string name = Property(options, "embedding", JsonValueKind.String).GetString()!;
        return earlier.TryGetValue(name, out Layer? layer) && layer is Embedding embedding
            ? embedding : throw new FormatException($"there is no embedding «{name}» before the layer that shares its vectors");
    }

    internal static bool Boolean(JsonElement options, string name)
    {
        JsonElement value = Property(options, name, null);
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw new FormatException($"«{name}» must be true or false");
    }

    private static JsonElement Property(JsonElement options, string name, JsonValueKind? kind) =>
        options.ValueKind == JsonValueKind.Object && options.TryGetProperty(name, out JsonElement value) && (kind is null || value.ValueKind == kind)
            ? value : throw new FormatException($"«{name}» is missing or of the wrong type");
}
