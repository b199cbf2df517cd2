using System.Buffers.Binary;
using Engram.Files;
using static Engram.Tests.Files.SafeTensorsBytes;

namespace Engram.Tests.Files;

/// <summary>Every rule of the format, broken once.</summary>
public sealed class SafeTensorsRuleTests : IDisposable
{
    private const string EmptyTensor = """{"dtype":"U8","shape":[0],"data_offsets":[0,0]}""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_smallest_file_has_nothing_in_it()
    {
        SafeTensorsFile file = Read(Of("{}"));

        Assert.Empty(file.Tensors);
        Assert.Empty(file.Metadata);
    }

    [Fact]
    public void The_tensor_that_the_rules_below_break_is_right_before()
    {
        SafeTensor tensor = Read(Of(Tensor(), 8)).Tensors["w"];

        Assert.Equal(SafeTensorType.F32, tensor.DataType);
        Assert.Equal([2], tensor.Shape.ToArray());
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], tensor.Bytes.ToArray());
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        string path = _folder.File("none.safetensors");
        string inNoFolder = _folder.File("runs/none.safetensors");

        const string reason = "there is no such file. Check the name and the folder.";
        Assert.Equal($"Cannot read model file '{path}': {reason}", Refused(path).Message);
        Assert.Equal($"Cannot read model file '{inNoFolder}': {reason}", Refused(inNoFolder).Message);
    }

    [Fact]
    public void A_folder_is_not_a_file() =>
        Assert.Equal($"Cannot read model file '{_folder.Path}': it is a folder. Give the name of a file.", Refused(_folder.Path).Message);

    [Fact]
    public void The_message_names_file_tensor_and_rule()
    {
        string path = _folder.File("model.safetensors");
        File.WriteAllBytes(path, Of(Tensor(dtype: "\"F31\""), 8));

        Assert.Equal(
            $"Model file '{path}': tensor 'w': its dtype 'F31' is unknown; known are "
            + "BOOL, U8, I8, U16, I16, U32, I32, U64, I64, F16, BF16, F32, F64. "
            + "It is damaged or not a model file; use an intact copy, or save the model again.",
            Refused(path).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public void Fewer_than_eight_bytes_are_no_file(int length) =>
        AssertBroken(new byte[length], $"it has {length} bytes, too few for a header");

    [Theory]
    [InlineData(100_000_001ul, "its header claims 100000001 bytes, more than the 100000000 allowed")]
    [InlineData(ulong.MaxValue, "its header claims 18446744073709551615 bytes, more than the 100000000 allowed")]
    [InlineData(3ul, "its header claims 3 bytes, past the end of the file of 10")]
    public void The_length_of_the_header_is_bounded(ulong length, string rule)
    {
        byte[] file = Of("{}");
        BinaryPrimitives.WriteUInt64LittleEndian(file, length);

        AssertBroken(file, rule);
    }

    [Fact]
    public void What_a_header_claims_is_not_allocated()
    {
        byte[] claimsHeader = Of("{}");
        BinaryPrimitives.WriteUInt64LittleEndian(claimsHeader, 99_000_000);
        byte[] claimsData = Of(Tensor(shape: "[500000000]", offsets: "[0,2000000000]"), 8);
        AssertBroken(claimsHeader, "past the end");

        long before = GC.GetAllocatedBytesForCurrentThread();
        AssertBroken(claimsHeader, "past the end");
        AssertBroken(claimsData, "past the end");

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" {}")]
    [InlineData("[]")]
    [InlineData("null")]
    public void A_header_begins_with_a_brace(string header) => AssertBroken(Of(header), "its header does not begin with '{'");

    [Fact]
    public void A_header_is_utf8() => AssertBroken(Of([(byte)'{', 0xFF, 0xFE, (byte)'}']), "its header is not UTF-8 text");

    [Theory]
    [InlineData("{")]
    [InlineData("{}{}")]
    [InlineData("{}\0\0")]
    [InlineData("{'w':1}")]
    [InlineData("{\"w\":{},}")]
    [InlineData("{}//")]
    public void A_header_is_json(string header) => AssertBroken(Of(header), "its header is not JSON");

    [Theory]
    [InlineData("{}   ")]
    [InlineData("{\n}\n")]
    public void Spaces_behind_the_header_are_padding(string header) => Assert.Empty(Read(Of(header)).Tensors);

    [Fact]
    public void A_header_is_not_nested_deep()
    {
        AssertBroken(Of(Tensor(shape: "[[2]]"), 8), "its header is nested too deep");
        AssertBroken(Of(Tensor(shape: "[{}]"), 8), "its header is nested too deep");
        AssertBroken(Of("{\"w\":" + new string('[', 100_000)), "its header is nested too deep");
    }

    [Fact]
    public void A_text_has_no_half_surrogate_pair() =>
        AssertBroken(Of("""{"\ud800":1}"""), "its header has a text with half a surrogate pair");

    [Fact]
    public void Names_are_unique()
    {
        AssertBroken(Of($$"""{"w":{{EmptyTensor}},"w":{{EmptyTensor}}}"""), "its header has two tensors named 'w'");
        AssertBroken(Of($$"""{"w":{{EmptyTensor}},"\u0077":{{EmptyTensor}}}"""), "its header has two tensors named 'w'");
        AssertBroken(Of("""{"__metadata__":{},"__metadata__":{}}"""), "its header has '__metadata__' twice");
        AssertBroken(Of("""{"__metadata__":{"a":"1","a":"1"}}"""), "'__metadata__' has 'a' twice");
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    public void Metadata_is_an_object(string value) =>
        AssertBroken(Of($$"""{"__metadata__":{{value}}}"""), "'__metadata__' is not an object of texts");

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("{\"b\":\"c\"}")]
    public void Metadata_holds_texts_only(string value) =>
        AssertBroken(Of($$$"""{"__metadata__":{"a":{{{value}}}}}"""), "the value of 'a' in '__metadata__' is not a text");

    [Theory]
    [InlineData("[1]")]
    [InlineData("3")]
    public void A_tensor_is_an_object(string value) =>
        AssertBroken(Of($$"""{"w":{{value}}}"""), "tensor 'w': its entry in the header is not an object");

    [Theory]
    [InlineData("""{"shape":[2],"data_offsets":[0,8]}""", "it has no 'dtype'")]
    [InlineData("""{"dtype":"F32","data_offsets":[0,8]}""", "it has no 'shape'")]
    [InlineData("""{"dtype":"F32","shape":[2]}""", "it has no 'data_offsets'")]
    [InlineData("""{"dtype":"F32","dtype":"F32"}""", "it has 'dtype' twice")]
    [InlineData("""{"shape":[2],"shape":[2]}""", "it has 'shape' twice")]
    [InlineData("""{"data_offsets":[0,8],"data_offsets":[0,8]}""", "it has 'data_offsets' twice")]
    [InlineData("""{"strides":[1]}""", "it has the unknown key 'strides'")]
    public void A_tensor_has_its_three_keys_once(string entry, string rule) =>
        AssertBroken(Of($$"""{"w":{{entry}}}""", 8), $"tensor 'w': {rule}");

    [Theory]
    [InlineData("\"f32\"", "its dtype 'f32' is unknown")]
    [InlineData("\"\"", "its dtype '' is unknown")]
    [InlineData("32", "its dtype is not a text")]
    public void A_dtype_is_a_known_name(string dtype, string rule) => AssertBroken(Of(Tensor(dtype: dtype), 8), $"tensor 'w': {rule}");

    [Theory]
    [InlineData("2", "its shape is not an array")]
    [InlineData("{}", "its shape is not an array")]
    [InlineData("[-2]", "its shape is not made of non-negative integers")]
    [InlineData("[-0]", "its shape is not made of non-negative integers")]
    [InlineData("[2.0]", "its shape is not made of non-negative integers")]
    [InlineData("[2e0]", "its shape is not made of non-negative integers")]
    [InlineData("[\"2\"]", "its shape is not made of non-negative integers")]
    [InlineData("[null]", "its shape is not made of non-negative integers")]
    [InlineData("[18446744073709551616]", "its shape is not made of non-negative integers")]
    [InlineData("[2147483648]", "the size 2147483648 in its shape is larger than 2147483647")]
    [InlineData("[2147483647,2147483647,2147483647]", "the product of its shape [2147483647, 2147483647, 2147483647] overflows")]
    [InlineData("[2147483647,2147483647]", "the product of its shape [2147483647, 2147483647] overflows")]
    public void A_shape_is_an_array_of_sizes(string shape, string rule) =>
        AssertBroken(Of(Tensor(shape: shape), 8), $"tensor 'w': {rule}");

    [Theory]
    [InlineData("8")]
    [InlineData("[]")]
    [InlineData("[0]")]
    [InlineData("[0,8,8]")]
    [InlineData("[0,-8]")]
    [InlineData("[0,8.5]")]
    [InlineData("[\"0\",8]")]
    [InlineData("[0,9223372036854775808]")]
    public void Offsets_are_two_integers(string offsets) =>
        AssertBroken(Of(Tensor(offsets: offsets), 8), "tensor 'w': its data_offsets are not two non-negative integers");

    [Theory]
    [InlineData("[8,0]", "its data begin at 8 and end before that, at 0")]
    [InlineData("[0,9]", "its data end at 9, past the end of the file, which holds 8 bytes of data")]
    [InlineData("[0,9223372036854775807]", "its data end at 9223372036854775807, past the end")]
    [InlineData("[0,4]", "type F32 and shape [2] take 8 bytes, but its data have 4")]
    public void Offsets_span_the_tensor(string offsets, string rule) =>
        AssertBroken(Of(Tensor(offsets: offsets), 8), $"tensor 'w': {rule}");

    [Fact]
    public void Tensors_do_not_overlap() =>
        AssertBroken(Of(Two("[0,8]", "[4,12]"), 12), "tensor 'b': its data begin at 4 and overlap another tensor's, which end at 8");

    [Fact]
    public void No_hole_lies_between_tensors() =>
        AssertBroken(Of(Two("[0,8]", "[9,17]"), 17), "tensor 'b': its data begin at 9 and leave a hole behind those that end at 8");

    [Fact]
    public void No_hole_lies_before_the_first_tensor() =>
        AssertBroken(Of(Tensor(offsets: "[1,9]"), 9), "tensor 'w': its data begin at 1 and leave a hole behind those that end at 0");

    [Fact]
    public void Nothing_follows_the_last_tensor()
    {
        AssertBroken(Of(Tensor(), 9), "1 bytes that belong to no tensor follow the last one");
        AssertBroken(Of("{}", 3), "3 bytes that belong to no tensor follow the last one");
    }

    [Fact]
    public void Data_may_lie_in_another_order_than_the_header()
    {
        SafeTensorsFile file = Read(Of(Two("[8,16]", "[0,8]"), 16));

        Assert.Equal([8, 9, 10, 11, 12, 13, 14, 15], file.Tensors["a"].Bytes.ToArray());
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], file.Tensors["b"].Bytes.ToArray());
    }

    [Fact]
    public void A_name_in_a_message_is_short_and_on_one_line()
    {
        string message = Broken(Of($$"""{"a\n{{new string('x', 1000)}}":1}"""));

        Assert.Contains("tensor 'a\uFFFDxxx", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.InRange(message.Length, 1, 400);
    }

    private static string Two(string first, string second) =>
        $$$"""{"a":{"dtype":"F32","shape":[2],"data_offsets":{{{first}}}},"b":{"dtype":"F32","shape":[2],"data_offsets":{{{second}}}}}""";

    private static void AssertBroken(byte[] file, string rule) => Assert.Contains(rule, Broken(file), StringComparison.Ordinal);

    private static string Broken(byte[] file) => Assert.Throws<ModelFileException>(() => Read(file)).Message;

    private static ModelFileException Refused(string path) => Assert.Throws<ModelFileException>(() => SafeTensorsFile.Read(path));
}
