using System.Text.Json;
using Engram.Files;

namespace Engram.Cli.Tests.Verbs;

public sealed class InspectTests(TrainedRun shared)
{
    [Fact]
    public void Json_tells_layers_shapes_task_provenance_size_and_the_hash_of_the_weights()
    {
        using JsonDocument document = JsonDocument.Parse(shared.Run("inspect", "run", "--json").MustSucceed().Output);
        JsonElement root = document.RootElement;
        string file = shared.PathOf("run/model.safetensors");

        Assert.Equal("forecast", root.GetProperty("task").GetString());
        Assert.Equal(new FileInfo(file).Length, root.GetProperty("size").GetInt64());
        Assert.Equal(ModelFile.Read(file).WeightsSha256, root.GetProperty("weightsSha256").GetString());
        JsonElement lstm = root.GetProperty("model").GetProperty("layers")[0];
        Assert.Equal("lstm", lstm.GetProperty("kind").GetString());
        Assert.Equal([4, 16], lstm.GetProperty("weights").GetProperty("recurrent_kernel").EnumerateArray().Select(size => size.GetInt32()));
        Assert.Equal(2, root.GetProperty("forecast").GetProperty("horizon").GetInt32());
        Assert.Equal(3, root.GetProperty("provenance").GetProperty("options").GetProperty("seed").GetInt64());
        Assert.Equal(160, root.GetProperty("provenance").GetProperty("report").GetProperty("data").GetProperty("rows").GetInt32());
    }

    [Fact]
    public void A_reader_sees_the_same()
    {
        string output = shared.Run("inspect", Path.Combine("run", "model.safetensors")).MustSucceed().Output;

        Assert.All(
            ["forecast of value, 2 steps ahead", "kernel [1, 16]", "recurrent_kernel [4, 16]", "data.csv", ModelFile.Read(shared.PathOf("run/model.safetensors")).WeightsSha256],
            words => Assert.Contains(words, output, StringComparison.Ordinal));
    }
}
