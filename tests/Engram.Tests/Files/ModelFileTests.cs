using Engram.Files;

namespace Engram.Tests.Files;

public sealed class ModelFileTests
{
    [Fact]
    public void A_loaded_model_predicts_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        var model = new Sequential(new Lstm(9) { ReturnSequences = true }, new Dropout(0.5), new Lstm(4), new Dense(3), new ActivationLayer(Activation.Softmax));
        Tensor x = Tensor.Normal(new RandomStream(1), 5, 7, 2);
        float[] expected = model.Predict(x).ToArray();
        model.Save(folder.File("m.safetensors"));

        Sequential loaded = Sequential.Load(folder.File("m.safetensors"));

        Assert.Equal(model.Summary().ToString(), loaded.Summary().ToString());
        Assert.Equal(expected, loaded.Predict(x).ToArray());
        Assert.Equal(model.Parameters.Select(p => p.Name), loaded.Parameters.Select(p => p.Name));
    }

    [Fact]
    public void A_loaded_graph_has_the_shapes_of_the_one_saved()
    {
        using var folder = new TemporaryFolder();
        Node input = Node.Input(5, 2), one = Node.Input(3), lstm = new Lstm(3).Of(input);
        var dense = new Dense(3);
        var graph = new Graph([input, one], [dense.Of(new Concatenate().Of(lstm, one)), new Dense(1).Of(new Bidirectional(new Gru(2)).Of(input)), lstm]);
        graph.Build();
        graph.Save(folder.File("m"));

        var loaded = Engram.Graph.Load(folder.File("m"));

        Assert.Equal(graph.Summary().ToString(), loaded.Summary().ToString());
        Assert.Equal((graph.InputShape, graph.OutputShape), (loaded.InputShape, loaded.OutputShape));
        Assert.Equal(graph.Parameters.Select(parameter => parameter.ToArray()), loaded.Parameters.Select(parameter => parameter.ToArray()));
    }

    [Fact]
    public void Weights_are_not_drawn_before_they_are_read()
    {
        using var folder = new TemporaryFolder();
        var model = new Sequential(new Lstm(256), new Dense(1));
        model.Build(new Shape(4, 8));
        model.Save(folder.File("m"));
        long before = GC.GetAllocatedBytesForCurrentThread();

        Sequential.Load(folder.File("m"));

        // The file, its numbers, the weights and room for their gradients; orthogonal weights would take twice as much beside.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 5 * new FileInfo(folder.File("m")).Length);
    }

    [Fact]
    public void A_way_around_a_layer_that_changes_the_shape_is_refused()
    {
        using var folder = new TemporaryFolder();
        string inner = """{"kind":"residual","name":"residual","layer":{"kind":"dense","units":3,"activation":"linear","useBias":false}}""";
        SafeTensorsFile.Write(
            folder.File("m"), [SafeTensor.Create("residual.inner.kernel", [4, 3], new float[12])], new Dictionary<string, string> { ["engram"] = Chain("[4]", inner) });
        Assert.Contains("puts out [1, 4]", Assert.Throws<ModelFileException>(() => Sequential.Load(folder.File("m"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void A_model_whose_weights_are_not_finite_is_not_saved_over_a_sound_one(float weight)
    {
        using var folder = new TemporaryFolder();
        Sequential model = Small();
        model.Save(folder.File("m"));
        byte[] before = File.ReadAllBytes(folder.File("m"));
        model.Parameters[^1].Set([weight]);

        string message = Assert.Throws<InvalidOperationException>(() => model.Save(folder.File("m"))).Message;

        Assert.Contains("dense.bias", message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(folder.File("m")));
        Assert.Equal(["m"], folder.Names);
    }

    [Fact]
    public void The_task_travels_with_the_model()
    {
        using var folder = new TemporaryFolder();
        Sequential model = Small();
        ModelFile.Write(folder.File("m"), model, """{"name":"预测","window":[1,2]}""");
        Assert.Equal("预测", ModelFile.Read(folder.File("m")).Task!.Value.GetProperty("name").GetString());
        ModelFile.Write(folder.File("n"), model);
        Assert.Null(ModelFile.Read(folder.File("n")).Task);
    }

    [Fact]
    public void A_model_without_weights_cannot_be_saved()
    {
        using var folder = new TemporaryFolder();
        Assert.Throws<InvalidOperationException>(() => new Sequential(new Dense(1)).Save(folder.File("m")));
        Assert.False(File.Exists(folder.File("m")));
    }

    [Theory]
    [InlineData("\"format\":1", "\"format\":2", "format 2")]
    [InlineData("\"units\":4", "\"units\":5", "lstm.kernel")]
    [InlineData("\"units\":4", "\"units\":0", "units")]
    [InlineData("\"units\":4", "\"units\":999999999", "units")]
    [InlineData("\"kind\":\"lstm\"", "\"kind\":\"magic\"", "magic")]
    [InlineData("\"input\":[6,2]", "\"input\":[6,3]", "lstm.kernel")]
    [InlineData("\"input\":[6,2]", "\"input\":[0,2]", "input")]
    [InlineData("\"input\":[6,2]", "\"input\":[2000000000,2]", "input")]
    [InlineData("\"layers\":[", "\"layer\":[", "layers")]
    [InlineData("\"useBias\":true", "\"useBias\":false", "tensors")]
    [InlineData("\"useBias\":true", "\"useBias\":\"yes\"", "useBias")]
    [InlineData("\"activation\":\"linear\"", "\"activation\":\"cube\"", "cube")]
    [InlineData("\"type\":\"sequential\"", "\"type\":7", "model")]
    [InlineData("{\"format\"", "[{\"format\"", "damaged")]
    public void A_description_that_does_not_fit_is_refused(string before, string after, string named)
    {
        using var folder = new TemporaryFolder();
        Small().Save(folder.File("m"));
        SafeTensorsFile file = SafeTensorsFile.Read(folder.File("m"));
        string text = file.Metadata["engram"];
        Assert.Contains(before, text, StringComparison.Ordinal);
        SafeTensorsFile.Write(folder.File("bad"), [.. file.Tensors.Values], new Dictionary<string, string> { ["engram"] = text.Replace(before, after, StringComparison.Ordinal) });

        ModelFileException error = Assert.Throws<ModelFileException>(() => Sequential.Load(folder.File("bad")));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.Contains("bad", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_without_a_model_are_refused()
    {
        using var folder = new TemporaryFolder();
        SafeTensorsFile.Write(folder.File("t"), [SafeTensor.Create("a", [2], [1f, 2f])]);
        Assert.Contains("no Engram model", Assert.Throws<ModelFileException>(() => Sequential.Load(folder.File("t"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void Weights_that_are_no_finite_numbers_are_refused_by_name(float weight)
    {
        using var folder = new TemporaryFolder();
        Sequential model = Small();
        model.Save(folder.File("m"));
        SafeTensorsFile file = SafeTensorsFile.Read(folder.File("m"));
        SafeTensor bias = SafeTensor.Create("dense.bias", [1], [weight]);
        SafeTensorsFile.Write(folder.File("bad"), [bias, .. file.Tensors.Values.Where(tensor => tensor.Name != bias.Name)], file.Metadata);

        string message = Assert.Throws<ModelFileException>(() => Sequential.Load(folder.File("bad"))).Message;

        Assert.Contains("'dense.bias': it holds a number that is not finite, at 0", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_description_is_not_nested_deep()
    {
        using var folder = new TemporaryFolder();
        string nested = "{\"format\":1,\"model\":" + new string('[', 100_000) + new string(']', 100_000) + "}";
        SafeTensorsFile.Write(folder.File("m"), [], new Dictionary<string, string> { ["engram"] = nested });
        Assert.Contains("description", Assert.Throws<ModelFileException>(() => Sequential.Load(folder.File("m"))).Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Greedy => new()
    {
        { "terabytes of weights", Chain("[9]", """{"kind":"embedding","name":"e","vocabulary":16777216,"size":1048576,"maskZero":false}""") },
        { "terabytes of values", Chain("[1048576]", """{"kind":"repeat-vector","name":"r","steps":1048576}""") },
        { "terabytes in between", Chain("[1048576,1]", """{"kind":"conv1d","name":"c","filters":1,"size":1048576,"dilation":1,"padding":"same","activation":"linear","useBias":false}""") },
        { "a million sizes", Chain($"[{string.Join(',', Enumerable.Repeat(1, 400_000))}]", """{"kind":"add","name":"a"}""") },
        { "a layer of layers", Chain("[4,4]", Nested(55)) },
        { "many long names", Chain("[4,4]", string.Join(',', Enumerable.Range(0, 999).Select(i => $$"""{"kind":"activation","name":"{{i}}{{new string('n', 900)}}","activation":"relu"}"""))) },
        { "one output many times", Graph("[4,4]", """{"kind":"activation","name":"a","activation":"relu"}""", """{"layer":"a","of":[0]}""", string.Join(',', Enumerable.Repeat(1, 400_000))) },
        { "many nodes", Graph("[4,4]", """{"kind":"activation","name":"a","activation":"relu"}""", string.Join(',', Enumerable.Range(0, 9999).Select(i => $$"""{"layer":"a","of":[{{i}}]}""")), "9999") },
    };

    /// <summary>A file of 1 MB at most; what reading allocates is bound by 64 MB and the file itself.</summary>
    [Theory]
    [MemberData(nameof(Greedy))]
    public void What_a_description_claims_is_not_allocated(string claim, string description)
    {
        Assert.InRange(description.Length, 1, 1_000_000);
        using var folder = new TemporaryFolder();
        string path = folder.File(claim);
        SafeTensorsFile.Write(path, [], new Dictionary<string, string> { ["engram"] = description });
        long before = GC.GetAllocatedBytesForCurrentThread();

        try
        {
            ModelFile.Read(path);
        }
        catch (ModelFileException)
        {
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, new FileInfo(path).Length + (64 << 20));
    }

    private static string Chain(string input, string layers) =>
        $$$"""{"format":1,"version":"0","model":{"type":"sequential","input":{{{input}}},"layers":[{{{layers}}}]}}""";

    private static string Graph(string input, string layers, string nodes, string outputs) =>
        $$$"""{"format":1,"version":"0","model":{"type":"graph","inputs":[{{{input}}}],"layers":[{{{layers}}}],"nodes":[{{{nodes}}}],"outputs":[{{{outputs}}}]}}""";

    private static string Nested(int depth) =>
        string.Concat(Enumerable.Repeat("""{"kind":"residual","name":"r","layer":""", depth)) + """{"kind":"activation","activation":"relu"}""" + new string('}', depth);

    private static Sequential Small()
    {
        var model = new Sequential(new Lstm(4), new Dense(1));
        model.Build(new Shape(6, 2));
        return model;
    }
}
