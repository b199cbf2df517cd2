using System.Text;
using System.Text.Json;
using Engram.Layers;

namespace Engram.Files;

/// <summary>How a model is put together, as it stands in its file; see <see cref="ModelFile"/> for the form.</summary>
internal static class ModelArchitecture
{
    private const int MostLayers = 1000;
    private const int MostNodes = 10_000;

    public static void Write(Utf8JsonWriter json, Sequential model)
    {
        json.WriteStartObject();
        json.WriteString("type", "sequential");
        json.WritePropertyName("input");
        WriteNumbers(json, model.InputShape!.Value.ToArray());
        WriteLayers(json, model);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, Graph model)
    {
        json.WriteStartObject();
        json.WriteString("type", "graph");
        json.WriteStartArray("inputs");
        for (int i = 0; i < model.InputCount; i++)
        {
            WriteNumbers(json, model.ShapeOf(i)!.Value.ToArray());
        }
        json.WriteEndArray();
        WriteLayers(json, model);
        json.WriteStartArray("nodes");
        for (int i = model.InputCount; i < model.Nodes.Length; i++)
        {
            json.WriteStartObject();
            json.WriteString("layer", model.NameOf(i));
            json.WritePropertyName("of");
            WriteNumbers(json, model.Takes(i));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WritePropertyName("outputs");
        WriteNumbers(json, model.Outputs);
        json.WriteEndObject();
    }

    /// <summary>The layers of any model and their options, as JSON text.</summary>
    public static string Describe(Model model)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            WriteLayers(json, model);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>Makes a model without weights, and tells which it will have.</summary>
    /// <exception cref="FormatException">The description is not that of a model.</exception>
    public static (Model Model, WeightPlan Weights) Read(JsonElement description, Device? device) => Text(description, "type") switch
    {
        "sequential" => ReadSequential(description, device ?? Device.Default),
        "graph" => ReadGraph(description, device ?? Device.Default),
        _ => throw new FormatException("the model's type is unknown to this version"),
    };

    private static (Model Model, WeightPlan Weights) ReadSequential(JsonElement description, Device device)
    {
        Layer[] layers = [.. ReadLayers(description).Values];
        var model = new Sequential(layers) { Device = device };
        var plan = new WeightPlan();
        plan.Places.Add(plan.RequireSample(Sample(Member(description, "input")), "the input"));
        foreach (Layer layer in layers)
        {
            plan.Places.Add(layer.PlanFor([plan.Places[^1]], plan));
        }
        return (model, plan);
    }

    private static (Model Model, WeightPlan Weights) ReadGraph(JsonElement description, Device device)
    {
        Dictionary<string, Layer> layers = ReadLayers(description);
        Node[] inputs = [.. Bounded(description, "inputs", MostNodes).EnumerateArray().Select(input => Node.Input(Sample(input).ToArray()))];
        var nodes = new List<Node>(inputs);
        foreach (JsonElement element in Bounded(description, "nodes", MostNodes).EnumerateArray())
        {
            Layer layer = layers.GetValueOrDefault(Text(element, "layer")) ?? throw new FormatException("there is a node of a layer that is not there");
            nodes.Add(layer.Of([.. Chosen(nodes, Member(element, "of"))]));
        }
        var graph = new Graph(inputs, Chosen(nodes, Bounded(description, "outputs", MostNodes))) { Device = device };
        return (graph, Plan(graph));
    }

    private static WeightPlan Plan(Graph graph)
    {
        var plan = new WeightPlan();
        for (int i = 0; i < graph.Nodes.Length; i++)
        {
            Node node = graph.Nodes[i];
            Shape[] taken = [.. graph.Takes(i).ToArray().Select(number => plan.Places[number])];
            plan.Places.Add(node.Layer is null ? plan.RequireSample(node.InputShape, "an input") : node.Layer.PlanFor(taken, plan));
        }
        return plan;
    }

    private static Dictionary<string, Layer> ReadLayers(JsonElement description)
    {
        JsonElement list = Bounded(description, "layers", MostLayers);
        // Layers in the order of the file, which is that in which the model will name them.
        var layers = new Dictionary<string, Layer>(StringComparer.Ordinal);
        foreach (JsonElement layer in list.EnumerateArray())
        {
            string name = Text(layer, "name");
            if (!layers.TryAdd(name, LayerKinds.Create(Text(layer, "kind"), layer, layers)))
            {
                throw new FormatException($"two layers are named «{name}»");
            }
        }
        return layers;
    }

    private static List<Node> Chosen(List<Node> nodes, JsonElement numbers)
    {
        var chosen = new List<Node>();
        foreach (JsonElement number in numbers.EnumerateArray())
        {
            int i = number.GetInt32();
            chosen.Add(i >= 0 && i < nodes.Count ? nodes[i] : throw new FormatException($"there is no node {i} where one is taken"));
        }
        return chosen;
    }

    private static Shape Sample(JsonElement sizes)
    {
        if (sizes.GetArrayLength() is 0 or >= Shape.MaxRank)
        {
            throw new FormatException("the rank of the input is out of range");
        }
        int[] numbers = [.. sizes.EnumerateArray().Select(size => size.GetInt32())];
        return numbers.All(size => size >= 1) ? new Shape(numbers) : throw new FormatException("a size of the input is below 1");
    }

    private static void WriteLayers(Utf8JsonWriter json, Model model)
    {
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
    }

    private static void WriteNumbers(Utf8JsonWriter json, ReadOnlySpan<int> numbers)
    {
        json.WriteStartArray();
        foreach (int number in numbers)
        {
            json.WriteNumberValue(number);
        }
        json.WriteEndArray();
    }

    /// <summary>A list that has elements, but not too many.</summary>
    private static JsonElement Bounded(JsonElement parent, string name, int most)
    {
        JsonElement list = Member(parent, name);
        return list.GetArrayLength() is int length && length >= 1 && length <= most ? list : throw new FormatException($"«{name}» has {length} elements where 1 … {most} are taken");
    }

    private static string Text(JsonElement parent, string name) =>
        Member(parent, name).GetString() ?? throw new FormatException($"«{name}» is missing");

    private static JsonElement Member(JsonElement parent, string name) => ModelFile.Member(parent, name);
}
