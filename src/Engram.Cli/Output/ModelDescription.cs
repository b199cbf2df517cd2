using System.Globalization;
using System.Text;
using System.Text.Json;
using Engram.Cli.Kinds;
using Engram.Data;
using Engram.Tasks;
using Spectre.Console;
using Table = Spectre.Console.Table;

namespace Engram.Cli.Output;

/// <summary>What a model file holds, for a reader and as JSON.</summary>
/// <param name="file">The file.</param>
/// <param name="model">What it holds.</param>
/// <param name="task">The description of the task as it stands in the file.</param>
/// <param name="weightsSha256">SHA-256 of the bytes of all tensors in the order of their names.</param>
internal sealed class ModelDescription(string file, TaskModel model, JsonElement task, string weightsSha256)
{
    private readonly ModelKind _kind = ModelKind.Of(model);
    private readonly long _size = new FileInfo(file).Length;

    public void Print(IAnsiConsole console)
    {
        Table layers = new() { Border = TableBorder.Simple };
        layers.AddColumns("layer", "kind", "weights");
        layers.AddColumn("parameters", column => column.RightAligned());
        foreach (Layer layer in model.Model.Layers)
        {
            layers.AddRow(
                new Text(layer.Name),
                new Text(layer.Kind),
                new Text(Listed(layer.Parameters.Select(parameter => $"{OwnName(parameter)} {parameter.Shape}"))),
                new Text(Numbers.Count(CountOf(layer))));
        }
        Line("File", $"{file}, {Numbers.Count(_size)} bytes");
        foreach ((string name, string text) in _kind.Describe(model))
        {
            Line(name, text);
        }
        Line("Network", $"{Shapes()}{Numbers.Count(model.Model.ParameterCount)} parameters");
        console.Write(layers);
        TrainingOptions options = model.Options;
        Line("Options", string.Create(CultureInfo.InvariantCulture,
            $"cell {Cells.NameOf(options.Cell)}, {_kind.DescribeOptions(model)}, dropout {options.Dropout}, {options.Optimizer} {options.LearningRate}{Momentum(options)}{(options.Schedule is { } schedule ? " " + schedule : "")}, batches of {options.BatchSize}, seed {options.Seed}").ToLowerInvariant());
        if (model.Report is { } report)
        {
            Line("Trained on", $"{string.Join(", ", report.Data.Files)}, {Quantity.Of(report.Data.Used, _kind.Unit)}, SHA-256 {report.Data.Sha256}");
            Line("Training", string.Create(CultureInfo.InvariantCulture,
                $"Engram {report.Engram}, {Quantity.Of(report.Training.Epochs, "epoch")}, best {report.Training.BestEpoch}, {report.Training.Seconds:0.0} s"));
            (string result, string value) = _kind.DescribeResult(model);
            Line(result, value);
        }
        else
        {
            Line("Training", "not finished when this file was written");
        }
        Line("SHA-256", $"{weightsSha256} (weights)");

        void Line(string name, string text) => console.WriteLine($"{name,-11}{text}");
    }

    public void WriteJson(Stream output) => JsonOutput.Write(output, json =>
    {
        json.WriteString("task", model.Task);
        json.WriteString("file", file);
        json.WriteNumber("size", _size);
        json.WriteString("weightsSha256", weightsSha256);
        WriteTask(json);
        WriteModel(json);
        WriteProvenance(json);
    });

    /// <summary>Texts with commas between, in lines of a length that a table bears.</summary>
    internal static string Listed(IEnumerable<string> texts)
    {
        const int longest = 70;
        StringBuilder lines = new();
        int length = 0;
        foreach (string text in texts)
        {
            bool breaks = length > 0 && length + ", ".Length + text.Length > longest;
            lines.Append(length == 0 ? "" : breaks ? ",\n" : ", ").Append(text);
            length = breaks || length == 0 ? text.Length : length + ", ".Length + text.Length;
        }
        return lines.ToString();
    }

    private static string OwnName(Parameter parameter) => parameter.Name[(parameter.Name.LastIndexOf('.') + 1)..];

    private static long CountOf(Layer layer) => layer.Parameters.Sum(parameter => parameter.Shape.Count);

    private static string Momentum(TrainingOptions options) =>
        options.Momentum == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" momentum {options.Momentum}{(options.Nesterov ? " Nesterov" : "")}");

    private string Shapes() => model.Model is Sequential network ? $"input {network.InputShape}, output {network.OutputShape}, " : "";

    private void WriteTask(Utf8JsonWriter json)
    {
        json.WriteStartObject(model.Task);
        _kind.WriteJson(json, model);
        json.WriteEndObject();
    }

    private void WriteModel(Utf8JsonWriter json)
    {
        json.WriteStartObject("model");
        json.WriteNumber("parameters", model.Model.ParameterCount);
        if (model.Model is Sequential network)
        {
            JsonOutput.WriteArray(json, "input", network.InputShape!.Value.ToArray(), json.WriteNumberValue);
        }
        json.WriteStartArray("layers");
        foreach (Layer layer in model.Model.Layers)
        {
            json.WriteStartObject();
            json.WriteString("name", layer.Name);
            json.WriteString("kind", layer.Kind);
            json.WriteNumber("parameters", CountOf(layer));
            json.WriteStartObject("weights");
            foreach (Parameter parameter in layer.Parameters)
            {
                JsonOutput.WriteArray(json, OwnName(parameter), parameter.Shape.ToArray(), json.WriteNumberValue);
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Where it came from, as the file tells it; the report is missing while training is not finished.</summary>
    private void WriteProvenance(Utf8JsonWriter json)
    {
        json.WriteStartObject("provenance");
        foreach (string part in (string[])["files", "sha256", "options", "report"])
        {
            if (task.TryGetProperty(part, out JsonElement value))
            {
                json.WritePropertyName(part);
                value.WriteTo(json);
            }
        }
        json.WriteEndObject();
    }
}
