using System.Buffers;
using System.Text;
using System.Text.Json;
using Engram.Layers;

namespace Engram.Files;

/// <summary>
/// A model in one safetensors file: weights as tensors that any reader of the format can open, and, under the metadata key
/// <c>engram</c>, a JSON document:
/// <code>
///   { "format": 1, "version": "0.1.0",
///     "model": { "type": "sequential", "input": [60, 1], "layers": [ { "kind": "lstm", "name": "lstm", "units": 50, … }, … ] },
///     "task": … }
/// </code>
/// <c>task</c> is whatever the task needs to be used again; this class carries it and does not look inside. Reading executes
/// nothing and trusts nothing.
/// </summary>
public static class ModelFile
{
    /// <summary>The format's version that this library writes and reads.</summary>
    public const int FormatVersion = 1;

    private const string MetadataKey = "engram";
    private const int MostLayers = 1000;

    /// <summary>Writes a model; whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">A model that has weights.</param>
    /// <param name="task">JSON text of the task's own; none where null.</param>
    /// <exception cref="FileWriteException">The file cannot be written.</exception>
    /// <exception cref="InvalidOperationException">The model has no weights yet.</exception>
    public static void Write(string path, Sequential model, string? task = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        SafeTensor[] tensors = [.. model.Parameters.Select(parameter => SafeTensor.Create(parameter.Name, parameter.Shape.ToArray(), parameter.ToArray()))];
        SafeTensorsFile.Write(path, tensors, new Dictionary<string, string> { [MetadataKey] = Describe(model, task) });
    }

    /// <summary>Reads a model and its task.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">What the model shall compute on; <see cref="Device.Default"/> where not given.</param>
    /// <returns>The model; the task's JSON, null where there is none; the weights' SHA-256.</returns>
    /// <exception cref="ModelFileException">The file is missing, damaged or not a model of ours.</exception>
    public static (Sequential Model, JsonElement? Task, string WeightsSha256) Read(string path, Device? device = null)
    {
        SafeTensorsFile file = SafeTensorsFile.Read(path);
        if (!file.Metadata.TryGetValue(MetadataKey, out string? text))
        {
            throw new ModelFileException($"{path} holds tensors, but no Engram model: its metadata has no «{MetadataKey}». Give a model.safetensors that Engram wrote.");
        }
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 64 });
            JsonElement root = document.RootElement;
            RequireFormat(root);
            (Sequential model, Shape input) = ReadArchitecture(Member(root, "model"), device);
            RequireWeights(model, input, file);
            model.Build(input);
            foreach (Parameter parameter in model.Parameters)
            {
                parameter.Set(file.Require(parameter.Name, SafeTensorType.F32, parameter.Shape.ToArray()).ToSingleArray());
            }
            JsonElement? task = root.TryGetProperty("task", out JsonElement value) ? value.Clone() : null;
            return (model, task, file.WeightsSha256);
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or InvalidOperationException or OverflowException)
        {
            throw new ModelFileException($"{path} is damaged: its description of the model cannot be used: {e.Message}. Train again, or take an intact copy.", e);
        }
    }

    private static string Describe(Sequential model, string? task)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("format", FormatVersion);
            json.WriteString("version", EngramVersion.Current);
            json.WriteStartObject("model");
            json.WriteString("type", "sequential");
            json.WriteStartArray("input");
            foreach (int size in model.InputShape!.Value.ToArray())
            {
                json.WriteNumberValue(size);
            }
            json.WriteEndArray();
            json.WriteStartArray("layers");
            foreach (Layer layer in model.Layers)
            {
                json.WriteStartObject();
                json.WriteString("kind", layer.Kind);
                json.WriteString("name", layer.Name);
                layer.WriteOptions(json);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
            if (task is not null)
            {
                json.WritePropertyName("task");
                json.WriteRawValue(task);
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void RequireFormat(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !Member(root, "format").TryGetInt32(out int format))
        {
            throw new FormatException("the format's version is missing");
        }
        if (format != FormatVersion)
        {
            throw new FormatException($"it has format {format}, this version reads format {FormatVersion}; use a newer Engram");
        }
    }

    private static (Sequential Model, Shape Input) ReadArchitecture(JsonElement model, Device? device)
    {
        if (Member(model, "type").GetString() != "sequential")
        {
            throw new FormatException("the model's type is unknown to this version");
        }
        JsonElement layers = Member(model, "layers"), input = Member(model, "input");
        if (layers.GetArrayLength() is 0 or > MostLayers || input.GetArrayLength() >= Shape.MaxRank)
        {
            throw new FormatException("the number of layers, or the rank of the input, is out of range");
        }
        var list = new List<Layer>();
        var earlier = new Dictionary<string, Layer>(StringComparer.Ordinal);
        foreach (JsonElement layer in layers.EnumerateArray())
        {
            list.Add(LayerKinds.Create(Member(layer, "kind").GetString() ?? "", layer, earlier));
            earlier[Member(layer, "name").GetString() ?? ""] = list[^1];
        }
        int[] sizes = [.. input.EnumerateArray().Select(size => size.GetInt32())];
        if (sizes.Any(size => size < 1))
        {
            throw new FormatException("a size of the input is below 1");
        }
        return (new Sequential(list) { Device = device ?? Device.Default }, new Shape(sizes));
    }

    /// <summary>
    /// Walks the sizes through the layers and compares them with the tensors, before anything of these sizes is allocated.
    /// </summary>
    private static void RequireWeights(Sequential model, Shape input, SafeTensorsFile file)
    {
        if (input.Rank == 0)
        {
            throw new FormatException("the input has no dimension");
        }
        Shape sample = WeightPlan.RequireSample(input, "the input");
        var plan = new WeightPlan();
        foreach (Layer layer in model.Layers)
        {
            sample = layer.PlanFor(sample, plan);
        }
        foreach ((string name, Shape shape) in plan.Weights)
        {
            file.Require(name, SafeTensorType.F32, shape.ToArray());
        }
        if (file.Tensors.Count != plan.Weights.Count)
        {
            throw new FormatException($"it holds {file.Tensors.Count} tensors, but its layers have {plan.Weights.Count}");
        }
    }

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value) ? value
            : throw new FormatException($"«{name}» is missing");
}
