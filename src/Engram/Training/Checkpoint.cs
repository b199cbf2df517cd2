using System.Globalization;
using System.Text.Json;
using Engram.Backends;
using Engram.Files;

namespace Engram.Training;

/// <summary>
/// All that is needed to go on after an epoch, in one safetensors file: weights, the optimizer's arrays, the callbacks' memory as
/// tensors; counts and the history as metadata. Random streams need nothing: they follow from seed and epoch.
/// </summary>
internal sealed class CheckpointWriter(Model model)
{
    private readonly List<SafeTensor> _tensors = [];
    private readonly Dictionary<string, string> _metadata = [];

    public Model Model { get; } = model;

    public void Set(string key, string value) => _metadata[key] = value;

    public void Add(string name, Shape shape, float[] values) => _tensors.Add(SafeTensor.Create(name, shape.ToArray(), values));

    public void Write(
        string path, Optimizer optimizer, History history, IEnumerable<(string Key, string Value)> conditions, IEnumerable<Callback> callbacks)
    {
        IBackend backend = Model.Device.Backend;
        foreach (Parameter parameter in Model.Parameters)
        {
            Add("weights." + parameter.Name, parameter.Shape, parameter.ToArray());
            Storage[] slots = optimizer.Slots(backend, parameter);
            for (int i = 0; i < slots.Length; i++)
            {
                float[] values = new float[parameter.Shape.Count];
                backend.Read(slots[i], values);
                Add($"{optimizer.Name}.{optimizer.SlotNames[i]}.{parameter.Name}", parameter.Shape, values);
            }
        }
        optimizer.Save(this);
        Set("steps", optimizer.Steps.ToString(CultureInfo.InvariantCulture));
        Set("learningRate", optimizer.LearningRate.ToString("R", CultureInfo.InvariantCulture));
        Set("history", HistoryJson.Write(history));
        foreach ((string key, string value) in conditions)
        {
            Set(key, value);
        }
        foreach (Callback callback in callbacks)
        {
            callback.Save(this);
        }
        SafeTensorsFile.Write(path, _tensors, _metadata);
    }
}

/// <summary>Reads what <see cref="CheckpointWriter"/> wrote.</summary>
internal sealed class CheckpointReader(string path, Model model)
{
    private readonly SafeTensorsFile _file = SafeTensorsFile.Read(path);

    public Model Model { get; } = model;

    public int Integer(string key) => int.TryParse(Text(key), NumberStyles.Integer, CultureInfo.InvariantCulture, out int value) ? value : throw Bad(key);

    public double Number(string key) => double.TryParse(Text(key), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : throw Bad(key);

    public float[] Array(string name, Shape shape) => _file.Require(name, SafeTensorType.F32, shape.ToArray()).ToSingleArray();

    /// <summary>Puts back what was written, where the conditions are those of the run that wrote it.</summary>
    /// <exception cref="ArgumentException">A condition is another.</exception>
    public void Restore(
        Optimizer optimizer, History history, IEnumerable<(string Key, string Value)> conditions, IEnumerable<Callback> callbacks)
    {
        foreach ((string key, string value) in conditions)
        {
            RequireSame(key, value);
        }
        IBackend backend = Model.Device.Backend;
        foreach (Parameter parameter in Model.Parameters)
        {
            parameter.Set(Array("weights." + parameter.Name, parameter.Shape));
            Storage[] slots = optimizer.Slots(backend, parameter);
            for (int i = 0; i < slots.Length; i++)
            {
                backend.Write(slots[i], Array($"{optimizer.Name}.{optimizer.SlotNames[i]}.{parameter.Name}", parameter.Shape));
            }
        }
        optimizer.Steps = Integer("steps");
        optimizer.LearningRate = Number("learningRate");
        optimizer.Restore(this);
        try
        {
            HistoryJson.Read(Text("history"), history);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new ModelFileException($"{path}: the checkpoint's «history» is damaged: {e.Message} Train again with --overwrite.", e);
        }
        foreach (Callback callback in callbacks)
        {
            callback.Restore(this);
        }
    }

    private string Text(string key) => _file.Metadata.TryGetValue(key, out string? value) ? value : throw Bad(key);

    private void RequireSame(string key, string now)
    {
        string then = Text(key);
        if (then != now)
        {
            throw new ArgumentException($"{path} was written by a run with {key} {then}; this run has {now}. Go on with the same options and data, or start anew.");
        }
    }

    private ModelFileException Bad(string key) => new($"{path}: the checkpoint has no valid «{key}». Train again in another folder.");
}
