using System.Globalization;
using System.Text.Json;
using Engram.Backends;
using Engram.Files;

namespace Engram.Training;

/// <summary>
/// All that is needed to go on after a batch, in one safetensors file: weights, the optimizer's arrays, the callbacks' memory, carried states as
/// tensors; counts, sums over the epoch and the history as metadata. Random streams and the order of samples need nothing: they follow from
/// seed, epoch and batch.
/// </summary>
internal sealed class CheckpointWriter(Model model)
{
    private readonly List<SafeTensor> _tensors = [];
    private readonly Dictionary<string, string> _metadata = [];

    private string _scope = "";

    public Model Model { get; } = model;

    /// <summary>What stands before the names of what a callback remembers: nothing for the first of its type, a number for others.</summary>
    public static string ScopeOf(IReadOnlyList<Callback> callbacks, int index)
    {
        int before = callbacks.Take(index).Count(other => other.GetType() == callbacks[index].GetType());
        return before == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{before + 1}.");
    }

    /// <summary>Where the state stands that a callback makes a text of.</summary>
    public static string KeyOf(Callback callback) => "callback." + callback.GetType().Name;

    public void Set(string key, string value) => _metadata[_scope + key] = value;

    /// <summary>Numbers that come back to the bit.</summary>
    public void Set(string key, double[] values) => Set(key, string.Join(' ', values.Select(value => value.ToString("R", CultureInfo.InvariantCulture))));

    public void Add(string name, Shape shape, float[] values) => _tensors.Add(SafeTensor.Create(_scope + name, shape.ToArray(), values));

    public void Write(
        string path, Optimizer optimizer, History history, IEnumerable<(string Key, string Value)> conditions, IReadOnlyList<Callback> callbacks)
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
        for (int i = 0; i < callbacks.Count; i++)
        {
            _scope = ScopeOf(callbacks, i);
            callbacks[i].Save(this);
            if (callbacks[i].SaveState() is { } state)
            {
                Set(CheckpointWriter.KeyOf(callbacks[i]), state);
            }
        }
        _scope = "";
        SafeTensorsFile.Write(path, _tensors, _metadata);
    }
}

/// <summary>Reads what <see cref="CheckpointWriter"/> wrote.</summary>
internal sealed class CheckpointReader(string path, Model model)
{
    private readonly SafeTensorsFile _file = Open(path);

    private string _scope = "";

    public Model Model { get; } = model;

    /// <summary>A count, 0 or more.</summary>
    public int Integer(string key) => Long(key) is <= int.MaxValue and var value ? (int)value : throw Bad(key);

    /// <summary>A count, 0 or more.</summary>
    public long Long(string key) => long.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : throw Bad(key);

    /// <summary>A number within bounds, which may be infinite.</summary>
    public double Number(string key, double least = double.NegativeInfinity, double most = double.PositiveInfinity) =>
        double.TryParse(Text(key), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= least && value <= most ? value : throw Bad(key);

    /// <summary>A learning rate, above 0.</summary>
    public double Rate(string key) => Number(key, double.Epsilon, double.MaxValue);

    /// <summary>Numbers, so many or a multiple of that.</summary>
    public double[] Numbers(string key, int multipleOf)
    {
        string[] texts = Text(key).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        double[] values = new double[texts.Length];
        bool valid = texts.Length % multipleOf == 0;
        for (int i = 0; valid && i < texts.Length; i++)
        {
            valid = double.TryParse(texts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out values[i]);
        }
        return valid ? values : throw Bad(key);
    }

    /// <summary>Whether a text stands there.</summary>
    public bool Has(string key) => _file.Metadata.ContainsKey(_scope + key);

    /// <summary>An array of two dimensions, whatever their sizes; null where there is none of the name.</summary>
    public (float[] Values, Shape Shape)? TryMatrix(string name)
    {
        if (!_file.Tensors.TryGetValue(_scope + name, out SafeTensor? tensor))
        {
            return null;
        }
        if (tensor.DataType != SafeTensorType.F32 || tensor.Shape is not [> 0 and var rows, > 0 and var columns])
        {
            throw Bad(name);
        }
        return (tensor.ToSingleArray(), new Shape(rows, columns));
    }

    public float[] Array(string name, Shape shape) => _file.Require(_scope + name, SafeTensorType.F32, shape.ToArray()).ToSingleArray();

    /// <summary>Puts back what was written, where the conditions are those of the run that wrote it.</summary>
    /// <exception cref="CheckpointMismatchException">A condition is another.</exception>
    public void Restore(
        Optimizer optimizer, History history, IEnumerable<(string Key, string Value)> conditions, IReadOnlyList<Callback> callbacks)
    {
        foreach ((string key, string value) in conditions)
        {
            RequireSame(key, value);
        }
        (optimizer.Steps, optimizer.LearningRate) = (Long("steps"), Rate("learningRate"));
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
        optimizer.Restore(this);
        try
        {
            HistoryJson.Read(Text("history"), history);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new ModelFileException($"{path}: the checkpoint's «history» is damaged: {e.Message} Train again with --overwrite.", e);
        }
        for (int i = 0; i < callbacks.Count; i++)
        {
            _scope = CheckpointWriter.ScopeOf(callbacks, i);
            callbacks[i].Restore(this);
            if (_file.Metadata.TryGetValue(_scope + CheckpointWriter.KeyOf(callbacks[i]), out string? state))
            {
                callbacks[i].RestoreState(state);
            }
        }
        _scope = "";
    }

    public string Text(string key) => _file.Metadata.TryGetValue(_scope + key, out string? value) ? value : throw Bad(key);

    /// <summary>A condition that the file does not name is one that its version did not know.</summary>
    private void RequireSame(string key, string now)
    {
        if (_file.Metadata.TryGetValue(key, out string? then) && then != now)
        {
            throw new CheckpointMismatchException(path, $"was written by a run with {key} {then}; this run has {now}");
        }
    }

    private static SafeTensorsFile Open(string path)
    {
        try
        {
            return SafeTensorsFile.Read(path);
        }
        catch (ModelFileException damaged)
        {
            throw new ModelFileException(damaged.Message.Replace(SafeTensorsFault.Remedy, "The checkpoint is damaged; put an intact copy there, or train again.", StringComparison.Ordinal), damaged);
        }
    }

    public ModelFileException Bad(string key) => new($"{path}: the checkpoint has no valid «{_scope}{key}». Train again in another folder.");
}
