using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using CsCheck;
using Engram.Files;

namespace Engram.Tests.Files;

public sealed class SafeTensorsFileTests : IDisposable
{
    private static readonly Gen<SafeTensor[]> GenTensors =
        Gen.Select(Gen.Enum<SafeTensorType>(), Gen.Int[0, 5].Array[0, 4])
            .SelectMany((type, shape) => Gen.Byte.Array[shape.Aggregate(type.Size(), (bytes, size) => bytes * size)]
                .Select(bytes => (type, shape, bytes)))
            .Array[0, 6]
            .Select(parts => parts.Select((part, i) => new SafeTensor($"层.{i}/\"\\\u0001", part.type, part.shape, part.bytes)).ToArray());

    private static readonly Gen<Dictionary<string, string>> GenMetadata =
        Gen.Dictionary(
            Gen.String[Gen.Char.AlphaNumeric, 0, 5],
            Gen.String[Gen.OneOf('a', '"', '\\', '\n', '\0', '日', '<', '\uFFFF'), 0, 20])[0, 4];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_written_is_read() =>
        Gen.Select(GenTensors, GenMetadata).Sample((tensors, metadata) =>
        {
            string path = _folder.File($"{Guid.NewGuid():N}.safetensors");
            SafeTensorsFile.Write(path, tensors, metadata);
            SafeTensorsFile read = SafeTensorsFile.Read(path);

            Assert.Equal(metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal), read.Metadata);
            Assert.Equal(tensors.Select(tensor => tensor.Name), read.Tensors.Keys);
            foreach (SafeTensor tensor in tensors)
            {
                SafeTensor same = read.Require(tensor.Name, tensor.DataType, tensor.Shape);
                Assert.Equal(tensor.Bytes.ToArray(), same.Bytes.ToArray());
            }
        }, iter: 200);

    [Fact]
    public void Floats_keep_their_bits()
    {
        float payload = BitConverter.UInt32BitsToSingle(0x7FC00123);
        float[] singles = [0f, -0f, 1f / 3, float.Epsilon, float.MaxValue, float.NegativeInfinity, payload];
        double[] doubles = [-0d, 1d / 3, double.Epsilon, double.PositiveInfinity, double.NaN];
        long[] integers = [long.MinValue, -1, 0, long.MaxValue];

        SafeTensorsFile file = WriteAndRead(
            [SafeTensor.Create("f", [7], singles), SafeTensor.Create("d", [5, 1], doubles), SafeTensor.Create("i", [2, 2], integers)]);

        Assert.Equal(MemoryMarshal.AsBytes(singles.AsSpan()), MemoryMarshal.AsBytes(file.Tensors["f"].ToSingleArray().AsSpan()));
        Assert.Equal(MemoryMarshal.AsBytes(doubles.AsSpan()), MemoryMarshal.AsBytes(file.Tensors["d"].ToDoubleArray().AsSpan()));
        Assert.Equal(integers, file.Tensors["i"].ToInt64Array());
    }

    [Fact]
    public void A_reader_written_from_the_specification_finds_the_same()
    {
        string path = _folder.File("model.safetensors");
        SafeTensorsFile.Write(
            path,
            [SafeTensor.Create("kernel", [2, 3], [1f, 2f, 3f, 4f, 5f, 6f]), SafeTensor.Create("bias", [], [0.5])],
            new Dictionary<string, string> { ["engram"] = """{"format":1,"列":"收盘价"}""" });

        byte[] file = File.ReadAllBytes(path);
        int headerLength = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        using JsonDocument header = JsonDocument.Parse(file.AsMemory(8, headerLength));
        ReadOnlySpan<byte> data = file.AsSpan(8 + headerLength);

        JsonElement metadata = header.RootElement.GetProperty("__metadata__");
        Assert.Equal("""{"format":1,"列":"收盘价"}""", metadata.GetProperty("engram").GetString());
        JsonElement kernel = header.RootElement.GetProperty("kernel");
        Assert.Equal("F32", kernel.GetProperty("dtype").GetString());
        Assert.Equal([2, 3], kernel.GetProperty("shape").EnumerateArray().Select(size => size.GetInt32()));
        int[] offsets = [.. kernel.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt32())];
        Assert.Equal([8, 32], offsets);
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(i + 1, BinaryPrimitives.ReadSingleLittleEndian(data[(offsets[0] + (4 * i))..]));
        }
        JsonElement bias = header.RootElement.GetProperty("bias");
        Assert.Equal("F64", bias.GetProperty("dtype").GetString());
        Assert.Equal(0, bias.GetProperty("shape").GetArrayLength());
        Assert.Equal(0.5, BinaryPrimitives.ReadDoubleLittleEndian(data));
        Assert.Equal(32, data.Length);
    }

    [Fact]
    public void The_file_is_as_the_specification_writes_it()
    {
        string path = _folder.File("model.safetensors");
        SafeTensorsFile.Write(path, [SafeTensor.Create("w", [1], [1f])], new Dictionary<string, string> { ["k"] = "v" });

        const string header = """{"__metadata__":{"k":"v"},"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""";
        byte[] expected = [120, 0, 0, 0, 0, 0, 0, 0, .. System.Text.Encoding.UTF8.GetBytes(header.PadRight(120)), 0, 0, 0x80, 0x3F];
        Assert.Equal(expected, File.ReadAllBytes(path));
    }

    [Fact]
    public void Data_begin_at_a_multiple_of_64() =>
        Gen.Int[0, 200].Sample(length =>
        {
            byte[] front = SafeTensorsHeaderWriter.Write([], new Dictionary<string, string> { ["k"] = new string('x', length) });
            Assert.Equal(0, front.Length % 64);
            Assert.Equal((ulong)front.Length - 8, BinaryPrimitives.ReadUInt64LittleEndian(front));
        }, iter: 100);

    [Fact]
    public void Order_does_not_change_the_file()
    {
        SafeTensor a = SafeTensor.Create("a", [2], [1f, 2f]);
        SafeTensor upper = SafeTensor.Create("B", [1], [3f]);
        SafeTensorsFile.Write(_folder.File("1"), [a, upper], new Dictionary<string, string> { ["x"] = "1", ["y"] = "2" });
        SafeTensorsFile.Write(_folder.File("2"), [upper, a], new Dictionary<string, string> { ["y"] = "2", ["x"] = "1" });

        Assert.Equal(File.ReadAllBytes(_folder.File("1")), File.ReadAllBytes(_folder.File("2")));
        Assert.Equal(["B", "a"], SafeTensorsFile.Read(_folder.File("1")).Tensors.Keys);
    }

    [Fact]
    public void The_hash_of_the_weights_is_over_their_bytes_in_ordinal_order_of_names()
    {
        SafeTensorsFile file = WriteAndRead([SafeTensor.Create("a", [1], [1f]), SafeTensor.Create("B", [1], [2f])]);

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData([0, 0, 0, 0x40, 0, 0, 0x80, 0x3F])), file.WeightsSha256);
    }

    [Fact]
    public void A_required_tensor_is_there_with_its_type_and_shape()
    {
        SafeTensorsFile file = WriteAndRead([SafeTensor.Create("lstm.kernel", [2, 4], new float[8])]);

        Assert.Equal(8, file.Require("lstm.kernel", SafeTensorType.F32, 2, 4).Count);
        AssertRefused("tensor 'lstm.bias': it is missing", "lstm.bias", SafeTensorType.F32, 2, 4);
        AssertRefused("it is F32 [2, 4] where the model needs F32 [4, 2]", "lstm.kernel", SafeTensorType.F32, 4, 2);
        AssertRefused("it is F32 [2, 4] where the model needs F64 [2, 4]", "lstm.kernel", SafeTensorType.F64, 2, 4);

        void AssertRefused(string rule, string name, SafeTensorType type, params int[] shape) => Assert.Contains(
            rule, Assert.Throws<ModelFileException>(() => file.Require(name, type, shape)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_and_texts_that_the_format_cannot_hold_are_refused_before_anything_is_written()
    {
        SafeTensor w = SafeTensor.Create("w", [1], [1f]);

        Assert.Throws<ArgumentException>(() => Write([w, w], []));
        Assert.Throws<ArgumentException>(() => Write([SafeTensor.Create("__metadata__", [1], [1f])], []));
        Assert.Throws<ArgumentException>(() => Write([SafeTensor.Create("\uD800", [1], [1f])], []));
        Assert.Throws<ArgumentException>(() => Write([w], new() { ["\uDC00"] = "" }));
        Assert.Throws<ArgumentException>(() => Write([w], new() { ["k"] = "\uD800" }));
        Assert.Empty(_folder.Names);

        void Write(SafeTensor[] tensors, Dictionary<string, string> metadata) =>
            SafeTensorsFile.Write(_folder.File("model.safetensors"), tensors, metadata);
    }

    [Fact]
    public void A_tensor_is_as_long_as_its_shape_and_type_say()
    {
        Assert.Throws<ArgumentException>(() => SafeTensor.Create("w", [2, 2], new float[3]));
        Assert.Throws<ArgumentException>(() => new SafeTensor("w", SafeTensorType.F64, [1], new byte[4]));
        Assert.Throws<ArgumentException>(() => new SafeTensor("w", SafeTensorType.U8, [65536, 65536, 65536, 65536], default));
        Assert.Throws<ArgumentOutOfRangeException>(() => SafeTensor.Create("w", [-1, -1], [1f]));
        Assert.Throws<InvalidOperationException>(() => SafeTensor.Create("w", [1], [1f]).ToDoubleArray());
    }

    private SafeTensorsFile WriteAndRead(SafeTensor[] tensors)
    {
        string path = _folder.File("model.safetensors");
        SafeTensorsFile.Write(path, tensors);
        return SafeTensorsFile.Read(path);
    }
}
