using System.Buffers;
using System.Globalization;
using System.Numerics.Tensors;
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
/// of which the model may be a graph too. Its nodes are counted from its inputs on; nodes of one layer share its weights:
/// <code>
///   { "type": "graph", "inputs": [[40], [40, 3]], "layers": [ … ],
///     "nodes": [ { "layer": "embedding", "of": [0] }, … ], "outputs": [5] }
/// </code>
/// <c>task</c> is whatever the task needs to be used again; this class carries it and does not look inside. Reading executes
/// nothing and trusts nothing.
/// </summary>
public static class ModelFile
{
    /// <summary>The format's version that this library writes and reads.</summary>
    public const int FormatVersion = 1;

    private const string MetadataKey = "engram";

    private static readonly JsonDocumentOptions _limits = new() { MaxDepth = 64 };

    /// <summary>Writes a model; whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="model">A model that has weights.</param>
    /// <param name="task">JSON text of the task's own; none where null.</param>
    /// <exception cref="FileWriteException">The file cannot be written.</exception>
    /// <exception cref="InvalidOperationException">
    /// The model has no weights yet, a weight that is no finite number, or a layer that a file cannot hold, such as one of your own. Nothing is written.
    /// </exception>
    public static void Write(string path, Sequential model, string? task = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        Write(path, model, json => ModelArchitecture.Write(json, model), task);
    }

    /// <inheritdoc cref="Write(string, Sequential, string?)"/>
    public static void Write(string path, Graph model, string? task = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        Write(path, model, json => ModelArchitecture.Write(json, model), task);
    }

    /// <summary>Reads a model that is a <see cref="Sequential"/>, and its task.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">What the model shall compute on; <see cref="Device.Default"/> where not given.</param>
    /// <returns>The model; the task's JSON, null where there is none; the weights' SHA-256.</returns>
    /// <exception cref="ModelFileException">The file is missing, damaged or not a model of ours.</exception>
    public static (Sequential Model, JsonElement? Task, string WeightsSha256) Read(string path, Device? device = null)
    {
        (Model model, JsonElement? task, string hash) = ReadAny(path, device);
        return model is Sequential sequential ? (sequential, task, hash)
            : throw new ModelFileException($"{path} holds a model that is a graph, where a chain of layers is wanted. Read it with Graph.Load.");
    }

    /// <summary>Reads a model that is a <see cref="Graph"/>, and its task.</summary>
    /// <inheritdoc cref="Read(string, Device?)"/>
    public static (Graph Model, JsonElement? Task, string WeightsSha256) ReadGraph(string path, Device? device = null)
    {
        (Model model, JsonElement? task, string hash) = ReadAny(path, device);
        return model is Graph graph ? (graph, task, hash)
            : throw new ModelFileException($"{path} holds a model that is a chain of layers, where a graph is wanted. Read it with Sequential.Load.");
    }

    /// <summary>A member of a JSON object.</summary>
    /// <exception cref="FormatException">There is none of the name.</exception>
    internal static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out JsonElement value) ? value
            : throw new FormatException($"«{name}» is missing");

    private static void Write(string path, Model model, Action<Utf8JsonWriter> architecture, string? task)
    {
        using ProfileSpan span = Profile.Measure("write model");
        SafeTensor[] tensors = [.. model.Parameters.Select(Tensor)];
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("format", FormatVersion);
            json.WriteString("version", EngramVersion.Current);
            json.WritePropertyName("model");
            architecture(json);
            if (task is not null)
            {
                json.WritePropertyName("task");
                json.WriteRawValue(task);
            }
            json.WriteEndObject();
        }
        RequireReadable(buffer.WrittenMemory, model);
        SafeTensorsFile.Write(path, tensors, new Dictionary<string, string> { [MetadataKey] = Encoding.UTF8.GetString(buffer.WrittenSpan) });
    }

    /// <summary>A parameter as it stands in the file, which refuses it later where it is not finite.</summary>
    private static SafeTensor Tensor(Parameter parameter)
    {
        float[] values = parameter.ToArray();
        return FirstBad(values) is { } at
            ? throw new InvalidOperationException(string.Create(
                CultureInfo.InvariantCulture,
                $"A model file cannot hold this model: {parameter.Name} has {values[at]} at {at}, which is no finite number. Go back to weights from before they diverged, or train again with a lower learning rate."))
            : SafeTensor.Create(parameter.Name, parameter.Shape.ToArray(), values);
    }

    /// <summary>Reads a model of either kind, and its task.</summary>
    /// <inheritdoc cref="Read(string, Device?)"/>
    public static (Model Model, JsonElement? Task, string WeightsSha256) ReadAny(string path, Device? device = null)
    {
        using ProfileSpan span = Profile.Measure("read model", ProfileCategory.Data);
        return SafeTensorsFile.Use(path, file => ReadAny(file, device));
    }

    /// <summary>The model, of whatever type, that the tensors and texts of a file are.</summary>
    /// <exception cref="ModelFileException">They are none.</exception>
    internal static (Model Model, JsonElement? Task, string WeightsSha256) ReadAny(SafeTensorsFile file, Device? device = null)
    {
        string path = file.Path;
        if (!file.Metadata.TryGetValue(MetadataKey, out string? text))
        {
            throw new ModelFileException($"{path} holds tensors, but no Engram model: its metadata has no «{MetadataKey}». Give a model.safetensors that Engram wrote.");
        }
        try
        {
            using var document = JsonDocument.Parse(text, _limits);
            JsonElement root = document.RootElement;
            RequireFormat(root);
            (Model model, WeightPlan weights) = ModelArchitecture.Read(Member(root, "model"), device);
            RequireWeights(weights, file);
            model.BuildPlanned(weights, parameter => file.Require(parameter.Name, SafeTensorType.F32, parameter.Shape.ToArray()).ReadSingles((first, values) =>
            {
                if (FirstBad(values) is { } at)
                {
                    throw SafeTensorsFault.In(path, parameter.Name, $"it holds a number that is not finite, at {first + at}");
                }
                parameter.Set(first, values);
            }));
            JsonElement? task = root.TryGetProperty("task", out JsonElement value) ? value.Clone() : null;
            return (model, task, file.WeightsSha256);
        }
        catch (Exception e) when (IsOfDescription(e))
        {
            throw new ModelFileException($"{path} is damaged: its description of the model cannot be used: {e.Message}. Train again, or take an intact copy.", e);
        }
    }

    /// <summary>Refuses what could not be read again while the weights are still there.</summary>
    private static void RequireReadable(ReadOnlyMemory<byte> json, Model model)
    {
        try
        {
            using var document = JsonDocument.Parse(json, _limits);
            (_, WeightPlan weights) = ModelArchitecture.Read(Member(document.RootElement, "model"), model.Device);
            if (!weights.Weights.ToHashSet().SetEquals(model.Parameters.Select(parameter => (parameter.Name, parameter.Shape))))
            {
                throw new FormatException("read again, its layers would have other weights");
            }
        }
        catch (Exception e) when (IsOfDescription(e))
        {
            throw new InvalidOperationException($"A model file cannot hold this model: {e.Message}. Write its weights alone, with SafeTensorsFile.Write, or compose it of Engram's layers.", e);
        }
    }

    /// <summary>Whether an error tells that a description is not that of a model.</summary>
    private static bool IsOfDescription(Exception e) =>
        e is JsonException or FormatException or ArgumentException or InvalidOperationException or OverflowException;

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

    /// <summary>Place of the first number from which nothing but NaN would come; null where there is none.</summary>
    private static int? FirstBad(ReadOnlySpan<float> values)
    {
        if (TensorPrimitives.IsFiniteAll(values))
        {
            return null;
        }
        int at = 0;
        while (float.IsFinite(values[at]))
        {
            at++;
        }
        return at;
    }

    /// <summary>Compares the weights that the model will have with the tensors, before anything of these sizes is allocated.</summary>
    private static void RequireWeights(WeightPlan plan, SafeTensorsFile file)
    {
        foreach ((string name, Shape shape) in plan.Weights)
        {
            file.Require(name, SafeTensorType.F32, shape.ToArray());
        }
        if (file.Tensors.Count != plan.Weights.Count)
        {
            throw new FormatException($"it holds {file.Tensors.Count} tensors, but its layers have {plan.Weights.Count}");
        }
    }
}
