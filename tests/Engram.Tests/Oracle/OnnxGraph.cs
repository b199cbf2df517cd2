using System.Runtime.InteropServices;
using Engram.Tests.Oracle.Onnx;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;

namespace Engram.Tests.Oracle;

/// <summary>Builds an ONNX model value by value, and runs it with ONNX Runtime.</summary>
internal sealed class OnnxGraph
{
    private const int IrVersion = 8;
    private const int OperatorSet = 17;

    private readonly GraphProto _graph = new() { Name = "oracle" };
    private readonly Dictionary<string, (float[] Values, long[] Shape)> _inputs = [];

    /// <summary>Adds an input and what it is fed with.</summary>
    /// <returns>Its name.</returns>
    public string Input(string name, float[] values, params long[] shape)
    {
        _graph.Input.Add(FloatValue(name, shape));
        _inputs.Add(name, (values, shape));
        return name;
    }

    /// <summary>Adds a constant of floats.</summary>
    /// <returns>Its name.</returns>
    public string Constant(string name, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape) =>
        Constant(name, TensorProto.Types.DataType.Float, MemoryMarshal.AsBytes(values), shape);

    /// <summary>Adds a constant list of integers.</summary>
    /// <returns>Its name.</returns>
    public string Constant(string name, params ReadOnlySpan<long> values) =>
        Constant(name, TensorProto.Types.DataType.Int64, MemoryMarshal.AsBytes(values), [values.Length]);

    /// <summary>Adds a constant list of 32-bit integers.</summary>
    /// <returns>Its name.</returns>
    public string Constant32(string name, params ReadOnlySpan<int> values) =>
        Constant(name, TensorProto.Types.DataType.Int32, MemoryMarshal.AsBytes(values), [values.Length]);

    /// <summary>An attribute that is a number.</summary>
    public static AttributeProto Number(string name, long value) => new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    /// <summary>An attribute that is a real number.</summary>
    public static AttributeProto Real(string name, float value) => new() { Name = name, F = value, Type = AttributeProto.Types.AttributeType.Float };

    /// <summary>An attribute that is a word.</summary>
    public static AttributeProto Word(string name, string value) =>
        new() { Name = name, S = ByteString.CopyFromUtf8(value), Type = AttributeProto.Types.AttributeType.String };

    /// <summary>An attribute that is a list of words.</summary>
    public static AttributeProto Words(string name, IEnumerable<string> values)
    {
        AttributeProto attribute = new() { Name = name, Type = AttributeProto.Types.AttributeType.Strings };
        attribute.Strings.AddRange(values.Select(ByteString.CopyFromUtf8));
        return attribute;
    }

    /// <summary>Adds an operator; an empty input name leaves that input out.</summary>
    public void Node(string operatorType, string[] inputs, string[] outputs, params IEnumerable<AttributeProto> attributes)
    {
        NodeProto node = new() { OpType = operatorType, Name = outputs[0] };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        node.Attribute.AddRange(attributes);
        _graph.Node.Add(node);
    }

    /// <summary>Names a value of floats as a result of the model.</summary>
    public void Output(string name, params ReadOnlySpan<long> shape) => _graph.Output.Add(FloatValue(name, shape));

    /// <summary>Computes all outputs.</summary>
    public Dictionary<string, float[]> Run()
    {
        ModelProto model = new() { IrVersion = IrVersion, ProducerName = "Engram.Tests", Graph = _graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = OperatorSet });
        using SessionOptions options = new() { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        using InferenceSession session = new(model.ToByteArray(), options);
        using RunOptions run = new();
        Dictionary<string, OrtValue> inputs = _inputs.ToDictionary(
            input => input.Key, input => OrtValue.CreateTensorValueFromMemory(input.Value.Values, input.Value.Shape));
        try
        {
            string[] names = [.. _graph.Output.Select(output => output.Name)];
            using IDisposableReadOnlyCollection<OrtValue> outputs = session.Run(run, inputs, names);
            return names.Zip(outputs).ToDictionary(pair => pair.First, pair => pair.Second.GetTensorDataAsSpan<float>().ToArray());
        }
        finally
        {
            foreach (OrtValue input in inputs.Values)
            {
                input.Dispose();
            }
        }
    }

    private string Constant(string name, TensorProto.Types.DataType type, ReadOnlySpan<byte> bytes, ReadOnlySpan<long> shape)
    {
        TensorProto tensor = new() { Name = name, DataType = (int)type, RawData = ByteString.CopyFrom(bytes) };
        tensor.Dims.AddRange(shape.ToArray());
        _graph.Initializer.Add(tensor);
        return name;
    }

    private static ValueInfoProto FloatValue(string name, ReadOnlySpan<long> shape)
    {
        TensorShapeProto sizes = new();
        foreach (long size in shape)
        {
            sizes.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = size });
        }
        TypeProto.Types.Tensor tensor = new() { ElemType = (int)TensorProto.Types.DataType.Float, Shape = sizes };
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
