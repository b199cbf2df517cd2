using System.Buffers;
using Engram.Layers;

namespace Engram;

/// <summary>
/// Layers put together as a graph: several inputs and outputs, branches, layers that are applied more than once and then share their
/// weights. <see cref="Sequential"/> is for a plain chain.
/// <code>
///   Node text = Node.Input(40), numbers = Node.Input(40, 3);                  // [time] ids, [time, features]
///   Node words = new Embedding(5000, 32) { MaskZero = true }.Of(text);
///   Node state = new Lstm(64).Of(new Concatenate().Of(words, numbers));
///   var model = new Graph([text, numbers], [new Dense(1).Of(state), new Dense(4, Activation.Softmax).Of(state)]);
/// </code>
/// </summary>
public sealed partial class Graph : Model
{
    // Inputs first, then what layers make, each behind what it takes.
    private readonly Node[] _nodes;
    private readonly int[][] _takes;
    private readonly int[] _outputs;
    private readonly int _inputCount;
    private readonly Shape?[] _shapes;
    private readonly bool[] _hasTime;
    private readonly string[] _outputNames;

    /// <summary>A graph from inputs to outputs.</summary>
    /// <param name="inputs">Nodes made by <see cref="Node.Input"/>, in the order in which data will be given.</param>
    /// <param name="outputs">What the model puts out.</param>
    /// <exception cref="ArgumentException">
    /// There are no inputs or outputs, an output depends on an input that is not listed, an input leads to no output, or a layer
    /// stands in a model already; no layer is then taken.
    /// </exception>
    public Graph(IReadOnlyList<Node> inputs, IReadOnlyList<Node> outputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(outputs);
        _nodes = Order(inputs, outputs);
        _inputCount = inputs.Count;
        var places = new Dictionary<Node, int>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < _nodes.Length; i++)
        {
            places.Add(_nodes[i], i);
        }
        _takes = [.. _nodes.Select(node => node.Inputs.Select(input => places[input]).ToArray())];
        _outputs = [.. outputs.Select(output => places[output])];
        _shapes = new Shape?[_nodes.Length];
        _hasTime = FindTime();
        TrackAll([.. _nodes.Skip(_inputCount).Select(node => node.Layer!).Distinct()], nameof(outputs));
        _outputNames = NameOutputs();
    }

    /// <summary>Number of inputs.</summary>
    public int InputCount => _inputCount;

    /// <summary>Number of outputs.</summary>
    public int OutputCount => _outputs.Length;

    /// <summary>
    /// Names of the outputs in results: those of their layers; where one layer makes several, the further ones are numbered from 2 on, by
    /// numbers that no layer's name has.
    /// </summary>
    public IReadOnlyList<string> OutputNames => _outputNames;

    internal ReadOnlySpan<Node> Nodes => _nodes;

    internal ReadOnlySpan<int> Outputs => _outputs;

    /// <summary>What the node of a number takes.</summary>
    internal ReadOnlySpan<int> Takes(int node) => _takes[node];

    /// <summary>Shape of a node for one sample when the model was built; null before.</summary>
    internal Shape? ShapeOf(int node) => _shapes[node];

    /// <summary>The input's number, or the layer's name.</summary>
    internal string NameOf(int node) => _nodes[node].Layer?.Name ?? (_inputCount == 1 ? "input" : $"input_{node + 1}");

    private protected override IReadOnlyList<Layer?> OutputLayers => [.. _outputs.Select(output => _nodes[output].Layer)];

    private protected override string? StreamingObstacle =>
        _inputCount == 1 && _outputs.Length == 1 ? null : $"a stream has one input and one output, this graph has {_inputCount} and {_outputs.Length}";

    /// <summary>Writes architecture and weights to one file; whole or not at all.</summary>
    /// <param name="path">A <c>.safetensors</c> file.</param>
    /// <exception cref="Files.FileWriteException">The file cannot be written.</exception>
    public void Save(string path) => Files.ModelFile.Write(path, this);

    /// <summary>Reads a model that <see cref="Save"/> wrote. Predictions are the same to the bit.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">What the model shall compute on; <see cref="Device.Default"/> where not given.</param>
    /// <exception cref="Files.ModelFileException">The file is missing, damaged or not a graph of ours.</exception>
    public static Graph Load(string path, Device? device = null) => Files.ModelFile.ReadGraph(path, device).Model;

    /// <inheritdoc/>
    private protected override IReadOnlyList<SummaryRow> SummaryRows()
    {
        string[] names = new string[_nodes.Length];
        var rows = new SummaryRow[_nodes.Length];
        var applied = new Dictionary<Layer, int>();
        for (int i = 0; i < rows.Length; i++)
        {
            names[i] = NameOf(i);
            if (_nodes[i].Layer is not { } layer)
            {
                rows[i] = new SummaryRow(names[i], "input", _shapes[i] ?? _nodes[i].InputShape, 0, []);
                continue;
            }
            int times = applied[layer] = applied.GetValueOrDefault(layer) + 1;
            names[i] = times == 1 ? layer.Name : $"{layer.Name} #{times}";
            rows[i] = Row(layer, names[i], _shapes[i], [.. _takes[i].Select(taken => names[taken])]);
            if (times > 1)
            {
                rows[i] = rows[i] with { Parameters = 0 };
            }
        }
        return rows;
    }

    /// <summary>Makes the weights, for samples of the shapes that the inputs were made with. Does nothing where they exist already.</summary>
    /// <param name="seed">Where the first weights are drawn from.</param>
    public void Build(long seed = 0) => Build([.. _nodes.Take(_inputCount).Select(node => node.InputShape)], seed);

    /// <summary>The model's computation, for one input and one output.</summary>
    /// <param name="pass">The pass that owns the results.</param>
    /// <param name="input">A batch, batch first.</param>
    /// <exception cref="InvalidOperationException">There are several inputs or outputs.</exception>
    public override Tensor Forward(Pass pass, Tensor input)
    {
        if (_inputCount != 1 || _outputs.Length != 1)
        {
            throw new InvalidOperationException(
                $"This graph has {_inputCount} inputs and {_outputs.Length} outputs. Give lists: model.Fit([x, …], [y, …]), model.Predict([x, …]), model.Forward(pass, [x, …]).");
        }
        Tensor output = default;
        Forward(pass, new ReadOnlySpan<Tensor>(ref input), new Span<Tensor>(ref output));
        return output;
    }

    /// <summary>The model's computation.</summary>
    /// <param name="pass">The pass that owns the results.</param>
    /// <param name="inputs">A batch of each input, batch first.</param>
    /// <returns>Each output.</returns>
    /// <exception cref="ArgumentException">The number of inputs is another.</exception>
    /// <exception cref="ShapeException">Batches are not of one size, or an input does not fit a layer.</exception>
    public Tensor[] Forward(Pass pass, IReadOnlyList<Tensor> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var outputs = new Tensor[_outputs.Length];
        Forward(pass, [.. inputs], outputs);
        return outputs;
    }

    /// <summary>The same into memory of the caller's.</summary>
    private void Forward(Pass pass, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs)
    {
        ArgumentNullException.ThrowIfNull(pass);
        RequireCount(inputs.Length, _inputCount, "inputs", nameof(inputs));
        Tensor[] values = ArrayPool<Tensor>.Shared.Rent(2 * _nodes.Length);
        try
        {
            for (int i = 0; i < _inputCount; i++)
            {
                values[i] = RequireInput(pass.Input(inputs[i]), inputs[0], i);
            }
            for (int i = _inputCount; i < _nodes.Length; i++)
            {
                values[i] = Apply(pass, i, values);
                if (pass.InitialWeights is not null)
                {
                    _shapes[i] = values[i].Shape.WithoutFirst();
                }
            }
            for (int i = 0; i < outputs.Length; i++)
            {
                outputs[i] = values[_outputs[i]];
            }
        }
        finally
        {
            ArrayPool<Tensor>.Shared.Return(values, clearArray: true);
        }
    }

    /// <inheritdoc/>
    private protected override Shape ForwardZeros(Pass pass, Shape[] inputs)
    {
        RequireCount(inputs.Length, _inputCount, "inputs", nameof(inputs));
        Tensor first = Forward(pass, [.. inputs.Select(shape => Zeros(pass, shape))])[0];
        for (int i = 0; i < inputs.Length; i++)
        {
            _shapes[i] = inputs[i];
        }
        return first.Shape.WithoutFirst();
    }

    /// <inheritdoc/>
    internal override void BuildPlanned(WeightPlan plan, Action<Parameter> fill)
    {
        base.BuildPlanned(plan, fill);
        for (int i = 0; i < _shapes.Length; i++)
        {
            _shapes[i] = plan.Places[i];
        }
    }

    private protected override int OutputPlace(int places) => _outputs[0];

    /// <summary>Applies a node's layer; the values behind those of all nodes are room for what it takes.</summary>
    private Tensor Apply(Pass pass, int node, Tensor[] values)
    {
        int[] takes = _takes[node];
        Layer layer = _nodes[node].Layer!;
        if (layer is not MergeLayer merge)
        {
            return layer.Apply(pass, values[takes[0]]);
        }
        if (takes.Length > _nodes.Length)
        {
            return merge.Apply(pass, [.. takes.Select(taken => values[taken])]);
        }
        Span<Tensor> taking = values.AsSpan(_nodes.Length, takes.Length);
        for (int i = 0; i < takes.Length; i++)
        {
            taking[i] = values[takes[i]];
        }
        return merge.Apply(pass, taking);
    }

    private Tensor RequireInput(Tensor input, Tensor first, int number)
    {
        Shape declared = _nodes[number].InputShape, shape = input.Shape;
        bool anySteps = _hasTime[number] || input.Mask is not null, fits = shape.Rank == declared.Rank + 1;
        for (int i = anySteps ? 1 : 0; fits && i < declared.Rank; i++)
        {
            fits = shape[i + 1] == declared[i];
        }
        if (!fits)
        {
            throw new ShapeException(
                $"{NameOf(number)} expects a batch of samples {declared}{(anySteps ? ", of any number of steps," : ",")} but got shape {shape}. Give such samples, or make the graph's input with their sizes.");
        }
        if (shape[0] != first.Shape[0])
        {
            throw new ShapeException($"{NameOf(number)} has {shape[0]} samples, but {NameOf(0)} has {first.Shape[0]}: all inputs need as many.");
        }
        return input;
    }

    /// <summary>
    /// Which inputs have a time axis: those with several sizes, and those of ids, with one, that some embedding depends on. One size
    /// alone is otherwise that of features.
    /// </summary>
    private bool[] FindTime()
    {
        bool[] leadsToEmbedding = new bool[_nodes.Length];
        for (int i = _nodes.Length - 1; i >= _inputCount; i--)
        {
            if (leadsToEmbedding[i] || _nodes[i].Layer is Embedding)
            {
                foreach (int taken in _takes[i])
                {
                    leadsToEmbedding[taken] = true;
                }
            }
        }
        return [.. Enumerable.Range(0, _inputCount).Select(i => _nodes[i].InputShape.Rank > 1 || leadsToEmbedding[i])];
    }

    private string[] NameOutputs()
    {
        string[] names = new string[_outputs.Length];
        var taken = Layers.Select(layer => layer.Name).ToHashSet(StringComparer.Ordinal);
        var made = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < names.Length; i++)
        {
            string name = names[i] = NameOf(_outputs[i]);
            if (made.TryAdd(name, 1))
            {
                continue;
            }
            do
            {
                names[i] = $"{name}_{++made[name]}";
            }
            while (taken.Contains(names[i]) || !made.TryAdd(names[i], 1));
        }
        return names;
    }

    private static void RequireCount(int given, int due, string what, string parameter)
    {
        if (given != due)
        {
            throw new ArgumentException($"The graph has {due} {what}, but {given} were given.", parameter);
        }
    }

    /// <summary>All nodes that the outputs depend on, inputs first, each behind what it takes.</summary>
    private static Node[] Order(IReadOnlyList<Node> inputs, IReadOnlyList<Node> outputs)
    {
        if (inputs.Count == 0 || outputs.Count == 0)
        {
            throw new ArgumentException("A graph has at least one input and one output.", inputs.Count == 0 ? nameof(inputs) : nameof(outputs));
        }
        var order = new List<Node>();
        var seen = new HashSet<Node>(ReferenceEqualityComparer.Instance);
        foreach (Node input in inputs)
        {
            if (input is not { Layer: null } || !seen.Add(input))
            {
                throw new ArgumentException("The inputs of a graph are nodes made by Node.Input, each listed once.", nameof(inputs));
            }
            order.Add(input);
        }
        var used = new HashSet<Node>(outputs, ReferenceEqualityComparer.Instance);
        // Not by recursion: a graph may be deeper than the stack.
        var open = new Stack<(Node Node, bool Ready)>();
        foreach (Node output in outputs)
        {
            ArgumentNullException.ThrowIfNull(output, nameof(outputs));
            open.Push((output, false));
            while (open.TryPop(out (Node Node, bool Ready) next))
            {
                if (next.Ready)
                {
                    order.Add(next.Node);
                    continue;
                }
                if (!seen.Add(next.Node))
                {
                    continue;
                }
                if (next.Node.Layer is null)
                {
                    throw new ArgumentException("An output depends on an input that is not among the graph's inputs.", nameof(inputs));
                }
                open.Push((next.Node, true));
                for (int i = next.Node.Inputs.Count - 1; i >= 0; i--)
                {
                    used.Add(next.Node.Inputs[i]);
                    open.Push((next.Node.Inputs[i], false));
                }
            }
        }
        int unused = inputs.ToList().FindIndex(input => !used.Contains(input));
        return unused < 0 ? [.. order] : throw new ArgumentException($"No output depends on input {unused + 1} of the graph.", nameof(inputs));
    }
}
