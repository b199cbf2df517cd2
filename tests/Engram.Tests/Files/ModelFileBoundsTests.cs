using System.Diagnostics;
using System.Globalization;
using System.Text;
using Engram.Files;

namespace Engram.Tests.Files;

/// <summary>
/// Reading a file of 1 MB allocates its size and 64 MB at most, and ends within a bound, whatever stands in it. The bound is wide here, where other tests
/// run beside; ENGRAM_READ_SECONDS sets that of an idle machine, which is 1.
/// </summary>
public sealed class ModelFileBoundsTests
{
    private const int Size = 1_000_000;
    private const int MutationsOfEach = 40;

    private static readonly double _seconds = double.Parse(Environment.GetEnvironmentVariable("ENGRAM_READ_SECONDS") ?? "20", CultureInfo.InvariantCulture);

    private static readonly string[] _pieces =
        ["[", "{", "{\"a\":", "[1,", "\"", "\\\"", "\\u0000", "1", "{\"kind\":\"residual\",\"layer\":", "null,", "\"a\":1,", " "];

    public static TheoryData<string> Kinds => [.. _sound.Keys];

    private static readonly Dictionary<string, Func<byte[]>> _sound = new()
    {
        ["weights"] = () => Saved(new Sequential(new Dense(490)), new Shape(500)),
        ["layers"] = () => Described($$"""{"type":"sequential","input":[4,4],"layers":[{{Repeated(950, i => $$"""{"kind":"activation","name":"{{i}}{{new string('n', 900)}}","activation":"relu"}""")}}]}"""),
        ["parts"] = () => Described($$"""{"type":"sequential","input":[4,4],"layers":[{{Repeated(900, i => $$"""{"kind":"time-distributed","name":"{{i}}","layers":[{{Repeated(20, _ => """{"kind":"activation","activation":"relu"}""")}}]}""")}}]}"""),
        ["nodes"] = () => Described($$"""{"type":"graph","inputs":[[4,4]],"layers":[{"kind":"add","name":"a"}],"nodes":[{{Repeated(4000, i => $$"""{"layer":"a","of":[{{Repeated(40, _ => i.ToString(CultureInfo.InvariantCulture))}}]}""")}}],"outputs":[4000]}"""),
        ["inputs"] = () => Described($$"""{"type":"graph","inputs":[{{Repeated(200_000, _ => "[1]")}}],"layers":[{"kind":"add","name":"a"}],"nodes":[{"layer":"a","of":[0]}],"outputs":[1]}"""),
        ["tensors"] = () => SafeTensorsBytes.Of("{" + Repeated(16_000, i => $$"""  "{{i}}":{"dtype":"U8","shape":[],"data_offsets":[{{i}},{{i + 1}}]}""") + "}", 16_000),
        ["texts"] = () => SafeTensorsBytes.Of("{\"__metadata__\":{" + Repeated(70_000, i => $"\"{i}\":\"\"") + "}}"),
        ["sizes"] = () => SafeTensorsBytes.Of(SafeTensorsBytes.Tensor(shape: $"[{Repeated(490_000, _ => "1")}]", offsets: "[0,4]"), 4),
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_file_of_a_megabyte_takes_little_memory_and_time(string kind)
    {
        byte[] sound = _sound[kind]();
        Assert.InRange(sound.Length, Size / 2, Size + (Size / 2));
        Read(sound);
        for (int number = 0; number < MutationsOfEach; number++)
        {
            var random = new Random(number);
            Read(Mutation.Of(sound, random));
            byte[] header = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(_pieces[random.Next(_pieces.Length)], Size / 30)));
            int at = random.Next(sound.Length);
            Read([.. sound.AsSpan(0, at), .. header.AsSpan(0, Math.Min(header.Length, sound.Length - at)), .. sound.AsSpan(Math.Min(sound.Length, at + header.Length))]);
        }
    }

    [Fact]
    public void A_large_file_takes_no_more_memory_than_its_weights()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("large");
        const int units = 5_000;
        SafeTensorsFile.Write(
            path,
            [SafeTensor.Create("dense.kernel", [units, units], new float[units * units]), SafeTensor.Create("dense.bias", [units], new float[units])],
            new Dictionary<string, string> { ["engram"] = $$$"""{"format":1,"version":"0","model":{"type":"sequential","input":[{{{units}}}],"layers":[{"kind":"dense","name":"dense","units":{{{units}}},"activation":"linear","useBias":true}]}}""" });
        long length = new FileInfo(path).Length, allocated = GC.GetAllocatedBytesForCurrentThread();

        Model model = ModelFile.ReadAny(path).Model;

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, length / 2, length + (64 << 20));
        Assert.Equal((units + 1) * units, model.ParameterCount);
    }

    private static void Read(byte[] file)
    {
        long allocated = GC.GetAllocatedBytesForCurrentThread(), begin = Stopwatch.GetTimestamp();
        try
        {
            ModelFile.ReadAny(SafeTensorsBytes.Read(file));
        }
        catch (ModelFileException)
        {
        }
        Assert.InRange(Stopwatch.GetElapsedTime(begin).TotalSeconds, 0, _seconds);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, file.Length + (64 << 20));
    }

    private static byte[] Saved(Sequential model, Shape input)
    {
        using var folder = new TemporaryFolder();
        model.Build(input);
        model.Save(folder.File("m"));
        return File.ReadAllBytes(folder.File("m"));
    }

    private static byte[] Described(string model)
    {
        using var folder = new TemporaryFolder();
        SafeTensorsFile.Write(folder.File("m"), [], new Dictionary<string, string> { ["engram"] = $$"""{"format":1,"version":"0","model":{{model}}}""" });
        return File.ReadAllBytes(folder.File("m"));
    }

    private static string Repeated(int count, Func<int, string> part) => string.Join(',', Enumerable.Range(0, count).Select(part));
}
