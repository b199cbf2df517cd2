using CsCheck;
using Engram.Files;

namespace Engram.Tests.Files;

/// <summary>Whatever the bytes, reading ends with a file that keeps the rules or with a <see cref="ModelFileException"/>.</summary>
public sealed class SafeTensorsFuzzTests
{
    private const string SoundHeader =
        """
        {"__metadata__":{"engram":"{\"format\":1}"},
        "a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},
        "b":{"dtype":"F64","shape":[1],"data_offsets":[16,24]}}
        """;

    private static readonly byte[] Sound = SafeTensorsBytes.Of(SoundHeader, 24);

    private static readonly Gen<string> GenFragment = Gen.OneOf(
        "{", "}", "[", "]", ":", ",", "\"", "\\u0000", "\\ud800", " ", "\0", "é",
        "-", "0", "1", "1e9", "4294967296", "18446744073709551615", "0.5", "null", "true",
        "\"a\"", "\"__metadata__\"", "\"dtype\"", "\"shape\"", "\"data_offsets\"", "\"F32\"", "\"BOOL\"", "[0,16]");

    [Fact]
    public void Random_bytes() => Gen.Byte.Array[0, 100].Sample(AssertReadsOrRefuses, iter: 10_000);

    [Fact]
    public void Random_headers_of_json_fragments() =>
        GenFragment.Array[0, 40]
            .Select(parts => SafeTensorsBytes.Of("{" + string.Concat(parts), 24))
            .Sample(AssertReadsOrRefuses, iter: 10_000);

    [Fact]
    public void Sound_files_with_bytes_changed() =>
        Gen.Select(Gen.Int[0, Sound.Length - 1], Gen.Byte).Array[1, 4]
            .Select(changes =>
            {
                byte[] file = [.. Sound];
                foreach ((int at, byte value) in changes)
                {
                    file[at] = value;
                }
                return file;
            })
            .Sample(AssertReadsOrRefuses, iter: 20_000);

    [Fact]
    public void Sound_headers_with_a_piece_replaced() =>
        Gen.Select(Gen.Int[1, SoundHeader.Length], Gen.Int[0, 12], GenFragment)
            .Select((from, length, piece) =>
                SoundHeader[..from] + piece + SoundHeader[Math.Min(from + length, SoundHeader.Length)..])
            .Select(header => SafeTensorsBytes.Of(header, 24))
            .Sample(AssertReadsOrRefuses, iter: 20_000);

    [Fact]
    public void Every_shortened_file_is_refused()
    {
        for (int length = 0; length < Sound.Length; length++)
        {
            Assert.Throws<ModelFileException>(() => SafeTensorsBytes.Read(Sound[..length]));
        }
        Assert.Equal(2, SafeTensorsBytes.Read(Sound).Tensors.Count);
    }

    private static void AssertReadsOrRefuses(byte[] bytes)
    {
        try
        {
            SafeTensorsFile file = SafeTensorsBytes.Read(bytes);
            foreach (SafeTensor tensor in file.Tensors.Values)
            {
                int elements = 1;
                foreach (int size in tensor.Shape)
                {
                    elements *= size;
                }
                Assert.Equal(elements * tensor.DataType.Size(), tensor.Bytes.Length);
            }
        }
        catch (ModelFileException)
        {
            // Refused in the way that callers are told to expect; anything else fails the test.
        }
    }
}
