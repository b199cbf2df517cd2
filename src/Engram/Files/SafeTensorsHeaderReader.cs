using System.Text.Json;
using System.Text.Unicode;

namespace Engram.Files;

/// <summary>
/// Reads the JSON of a header:
/// <c>{"__metadata__": {"key": "text"}, "name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}</c>.
/// Form is checked here, the meaning of the numbers in <see cref="SafeTensorsHeader"/>.
/// </summary>
internal ref struct SafeTensorsHeaderReader
{
    /// <summary>Object of tensors, object of a tensor, array: nothing in a header lies deeper.</summary>
    private const int Depth = 3;

    private readonly string _file;
    private Utf8JsonReader _json;

    private SafeTensorsHeaderReader(ReadOnlySpan<byte> json, string file)
    {
        _file = file;
        _json = new Utf8JsonReader(json);
    }

    /// <summary>Reads the whole header.</summary>
    /// <exception cref="ModelFileException">The first rule of form that it breaks.</exception>
    public static SafeTensorsHeader Read(ReadOnlySpan<byte> json, string file)
    {
        if (json.IsEmpty || json[0] != (byte)'{')
        {
            throw SafeTensorsFault.In(file, "its header does not begin with '{'");
        }
        if (!Utf8.IsValid(json))
        {
            throw SafeTensorsFault.In(file, "its header is not UTF-8 text");
        }
        CheckIsJson(json, file);
        return new SafeTensorsHeaderReader(json, file).ReadHeader();
    }

    private static void CheckIsJson(ReadOnlySpan<byte> json, string file)
    {
        try
        {
            Utf8JsonReader reader = new(json);
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth >= Depth)
                {
                    throw SafeTensorsFault.In(file, "its header is nested too deep");
                }
            }
        }
        catch (JsonException cause)
        {
            throw SafeTensorsFault.In(file, "its header is not JSON", cause);
        }
    }

    private SafeTensorsHeader ReadHeader()
    {
        SortedDictionary<string, string>? metadata = null;
        Dictionary<string, SafeTensorEntry> entries = new(StringComparer.Ordinal);
        _json.Read();
        while (NextKey(out string name))
        {
            if (name == SafeTensorsHeader.MetadataKey)
            {
                metadata = metadata is null
                    ? ReadMetadata()
                    : throw SafeTensorsFault.In(_file, "its header has '__metadata__' twice");
            }
            else if (!entries.TryAdd(name, ReadTensor(name)))
            {
                throw SafeTensorsFault.In(_file, $"its header has two tensors named {SafeTensorsFault.Quote(name)}");
            }
        }
        return new SafeTensorsHeader(metadata ?? new SortedDictionary<string, string>(StringComparer.Ordinal), [.. entries.Values]);
    }

    private SortedDictionary<string, string> ReadMetadata()
    {
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            throw SafeTensorsFault.In(_file, "'__metadata__' is not an object of texts");
        }
        SortedDictionary<string, string> metadata = new(StringComparer.Ordinal);
        while (NextKey(out string key))
        {
            if (_json.TokenType != JsonTokenType.String)
            {
                throw SafeTensorsFault.In(_file, $"the value of {SafeTensorsFault.Quote(key)} in '__metadata__' is not a text");
            }
            if (!metadata.TryAdd(key, Text()))
            {
                throw SafeTensorsFault.In(_file, $"'__metadata__' has {SafeTensorsFault.Quote(key)} twice");
            }
        }
        return metadata;
    }

    private SafeTensorEntry ReadTensor(string name)
    {
        if (_json.TokenType != JsonTokenType.StartObject)
        {
            throw SafeTensorsFault.In(_file, name, $"its entry in the header is not an object");
        }
        SafeTensorType? type = null;
        int[]? shape = null;
        (long Begin, long End)? offsets = null;
        while (NextKey(out string key))
        {
            switch (key)
            {
                case "dtype" when type is null:
                    type = ReadType(name);
                    break;
                case "shape" when shape is null:
                    shape = ReadShape(name);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadOffsets(name);
                    break;
                case "dtype" or "shape" or "data_offsets":
                    throw SafeTensorsFault.In(_file, name, $"it has '{key}' twice");
                default:
                    throw SafeTensorsFault.In(_file, name, $"it has the unknown key {SafeTensorsFault.Quote(key)}");
            }
        }
        return new SafeTensorEntry(
            name,
            type ?? throw SafeTensorsFault.In(_file, name, $"it has no 'dtype'"),
            shape ?? throw SafeTensorsFault.In(_file, name, $"it has no 'shape'"),
            (offsets ?? throw SafeTensorsFault.In(_file, name, $"it has no 'data_offsets'")).Begin,
            offsets.Value.End);
    }

    private SafeTensorType ReadType(string tensor)
    {
        string name = _json.TokenType == JsonTokenType.String
            ? Text()
            : throw SafeTensorsFault.In(_file, tensor, $"its dtype is not a text");
        return SafeTensorTypes.TryParse(name, out SafeTensorType type)
            ? type
            : throw SafeTensorsFault.In(
                _file, tensor, $"its dtype {SafeTensorsFault.Quote(name)} is unknown; known are {SafeTensorTypes.AllNames}");
    }

    private int[] ReadShape(string tensor)
    {
        List<int> shape = [];
        if (_json.TokenType != JsonTokenType.StartArray)
        {
            throw SafeTensorsFault.In(_file, tensor, $"its shape is not an array");
        }
        while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
        {
            if (!TryReadInteger(out long size))
            {
                throw SafeTensorsFault.In(_file, tensor, $"its shape is not made of non-negative integers");
            }
            if (size > int.MaxValue)
            {
                throw SafeTensorsFault.In(_file, tensor, $"the size {size} in its shape is larger than {int.MaxValue}");
            }
            shape.Add((int)size);
        }
        return [.. shape];
    }

    private (long Begin, long End) ReadOffsets(string tensor)
    {
        if (_json.TokenType == JsonTokenType.StartArray
            && _json.Read() && TryReadInteger(out long begin)
            && _json.Read() && TryReadInteger(out long end)
            && _json.Read() && _json.TokenType == JsonTokenType.EndArray)
        {
            return (begin, end);
        }
        throw SafeTensorsFault.In(_file, tensor, $"its data_offsets are not two non-negative integers");
    }

    /// <summary>Goes to the value of the object's next key; false at the object's end.</summary>
    private bool NextKey(out string key)
    {
        _json.Read();
        if (_json.TokenType == JsonTokenType.EndObject)
        {
            key = "";
            return false;
        }
        key = Text();
        _json.Read();
        return true;
    }

    private readonly bool TryReadInteger(out long value)
    {
        value = 0;
        if (_json.TokenType != JsonTokenType.Number || !_json.TryGetUInt64(out ulong number) || number > long.MaxValue)
        {
            return false;
        }
        value = (long)number;
        return true;
    }

    private readonly string Text()
    {
        try
        {
            return _json.GetString()!;
        }
        catch (InvalidOperationException cause)
        {
            throw SafeTensorsFault.In(_file, "its header has a text with half a surrogate pair", cause);
        }
    }
}
