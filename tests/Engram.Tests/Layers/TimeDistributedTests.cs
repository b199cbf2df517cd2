using Engram.Files;
using Engram.Tests.Autograd;
using Engram.Training;

namespace Engram.Tests.Layers;

public sealed class TimeDistributedTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 4)]
    public void Gradients_of_sequences_inside(int batch, int steps)
    {
        using Device device = GradientCheck.DoubleDevice();
        GradientCheck.Model(
            new Sequential(new TimeDistributed(new Lstm(3) { ReturnSequences = true }, new Lstm(2)), new Gru(2)) { Device = device }, new Shape(batch, steps, 5, 3));
        GradientCheck.Model(
            new Sequential(new TimeDistributed(new Conv1D(4, 3, Activation.Tanh) { Padding = Padding.Same }, new GlobalMaxPooling())) { Device = device },
            new Shape(batch, steps, 5, 3));
    }

    [Fact]
    public void Gradients_under_masks_inside_and_outside()
    {
        using Device device = GradientCheck.DoubleDevice();
        Tensor words = Words(5, 4, 6);
        SequenceMask mask = MaskPatterns.Mixed(5, 4);
        var model = new Sequential(new TimeDistributed(new Embedding(9, 3) { MaskZero = true }, new Bidirectional(new Lstm(2))), new Lstm(2) { ReturnSequences = true }) { Device = device };
        model.Build(new Shape(4, 6));
        GradientCheck.Perturb(model);
        GradientCheck.Weights(model, (pass, _) =>
        {
            Tensor y = model.Forward(pass, pass.Masked(words, mask));
            return Loss.MeanSquaredError.Apply(pass, y, Tensor.Normal(new RandomStream(2), 5, 4, 2));
        });
    }

    [Fact]
    public void Every_step_is_what_the_layers_make_of_it_alone()
    {
        Tensor words = Words(3, 4, 6);
        var inside = new Sequential(new Embedding(9, 3) { MaskZero = true }, new Bidirectional(new Lstm(2)));
        var model = new Sequential(new TimeDistributed(new Embedding(9, 3) { MaskZero = true }, new Bidirectional(new Lstm(2))));
        model.Build(new Shape(4, 6));
        inside.Build(new Shape(6));
        foreach ((Parameter ours, Parameter theirs) in inside.Parameters.Zip(model.Parameters))
        {
            Assert.Equal("time-distributed." + ours.Name, theirs.Name);
            ours.Set(theirs.ToArray());
        }
        Tensor alone = inside.Predict(Tensor.From(words.ToArray(), 12, 6)), together = model.Predict(words);
        Assert.Equal([3, 4, 4], together.Shape.ToArray());
        Assert.Equal(alone.ToArray(), together.ToArray());
    }

    [Fact]
    public void The_outer_mask_stays_and_empties_what_is_inside()
    {
        SequenceMask mask = SequenceMask.FromLengths([2, 0], 3);
        var model = new Sequential(new TimeDistributed(new Embedding(9, 3) { MaskZero = true }, new GlobalMeanPooling()));
        model.Build(new Shape(3, 6));
        model.Run(pass =>
        {
            Tensor y = model.Forward(pass, pass.Masked(Words(2, 3, 6), mask));
            Assert.Same(mask, y.Mask);
            float[] values = y.ToArray();
            Assert.All(values[..6], value => Assert.NotEqual(0, value));
            Assert.All(values[6..], value => Assert.Equal(0, value));
            return 0;
        });
    }

    [Fact]
    public void A_mask_of_time_is_not_taken_for_one_of_features()
    {
        SequenceMask mask = MaskPatterns.Mixed(5, 4);
        Tensor x = Tensor.Normal(new RandomStream(1), 5, 4, 4);
        var model = new Sequential(new TimeDistributed(new Dense(2)));
        model.Build(new Shape(4, 4));
        var plain = new Sequential(new Dense(2));
        plain.Build(new Shape(4, 4));
        plain.Parameters[0].Set(model.Parameters[0].ToArray());
        Assert.Equal(plain.Predict(x, mask).ToArray(), model.Predict(x, mask).ToArray());
    }

    [Fact]
    public void It_stands_in_graphs_and_model_files()
    {
        Node characters = Node.Input(4, 6), words = Node.Input(4);
        Node spelling = new TimeDistributed(new Embedding(9, 3) { MaskZero = true }, new Dropout(0.2), new Dropout(0.1), new Bidirectional(new Gru(2))).Of(characters);
        Node all = new Concatenate().Of(new Embedding(20, 3) { MaskZero = true }.Of(words), spelling);
        var graph = new Graph([characters, words], [new Dense(2).Of(new Lstm(3) { ReturnSequences = true }.Of(all))]);
        Tensor x = Words(3, 4, 6), ids = Tensor.From([3, 4, 5, 0, 19, 0, 0, 0, 1, 2, 3, 4], 3, 4);
        graph.Compile(new Adam(), Loss.MeanSquaredError);
        graph.Fit([x, ids], [Tensor.Zeros(3, 4, 2)], new FitOptions { Epochs = 2 });
        using var folder = new TemporaryFolder();
        graph.Save(folder.File("m"));
        Graph loaded = Graph.Load(folder.File("m"));
        Assert.Equal(graph.Predict([x, ids])[0].ToArray(), loaded.Predict([x, ids])[0].ToArray());
        Assert.Contains("time-distributed.dropout_1", loaded.Layers.SelectMany(layer => layer.SelfAndParts).Select(layer => layer.Name));
    }

    [Theory]
    [InlineData("\"layers\":[{\"kind\":\"dense\"", "\"layers\":[],\"x\":[{\"kind\":\"dense\"", "layers")]
    [InlineData("\"layers\":[{\"kind\":\"dense\"", "\"layers\":[7,{\"kind\":\"dense\"", "kind")]
    [InlineData("{\"kind\":\"dense\",\"units\":2", "{\"kind\":\"tied-dense\",\"units\":2", "share")]
    [InlineData("{\"kind\":\"dense\",\"units\":2", "{\"kind\":\"dense\",\"units\":3", "time-distributed.dense.kernel")]
    public void A_file_that_makes_no_such_layer_is_refused(string before, string after, string named)
    {
        using var folder = new TemporaryFolder();
        var model = new Sequential(new TimeDistributed(new Dense(2)));
        model.Build(new Shape(4, 3));
        model.Save(folder.File("m"));
        SafeTensorsFile file = SafeTensorsFile.Read(folder.File("m"));
        string text = file.Metadata["engram"];
        Assert.Contains(before, text, StringComparison.Ordinal);
        SafeTensorsFile.Write(folder.File("bad"), [.. file.Tensors.Values], new Dictionary<string, string> { ["engram"] = text.Replace(before, after, StringComparison.Ordinal) });
        Assert.Contains(named, Assert.Throws<ModelFileException>(() => Sequential.Load(folder.File("bad"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Layers_without_a_state_go_step_by_step()
    {
        var model = new Sequential(new Lstm(3) { ReturnSequences = true }, new TimeDistributed(new Dense(4, Activation.Tanh), new Dropout(0.2), new Residual(new Dense(4))));
        Tensor x = Tensor.Normal(new RandomStream(1), 2, 6, 3);
        model.Compile(new Adam(), Loss.MeanSquaredError);
        model.Fit(x, Tensor.Zeros(2, 6, 4), new FitOptions { Truncation = new TruncatedBackpropagation(2), CarryState = true, Shuffle = false });
        float[] expected = model.Predict(x).ToArray(), inputs = x.ToArray(), output = new float[8];
        ModelStream stream = model.Stream(batch: 2);
        for (int t = 0; t < 6; t++)
        {
            stream.Step([.. inputs.AsSpan(3 * t, 3), .. inputs.AsSpan(18 + 3 * t, 3)], output);
            Assert.Equal([.. expected.AsSpan(4 * t, 4), .. expected.AsSpan(24 + 4 * t, 4)], output);
        }
    }

    [Fact]
    public void Sequences_inside_may_be_read_whole_at_every_step()
    {
        var model = new Sequential(new TimeDistributed(new Embedding(9, 3) { MaskZero = true }, new GlobalMeanPooling()), new Gru(2) { ReturnSequences = true });
        model.Build(new Shape(4, 6));
        Tensor words = Words(1, 4, 6);
        float[] expected = model.Predict(words).ToArray(), output = new float[2];
        ModelStream stream = model.Stream();
        for (int t = 0; t < 4; t++)
        {
            stream.Step(words.ToArray().AsSpan(6 * t, 6), output);
            Assert.Equal(expected[(2 * t)..(2 * t + 2)], output);
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new TimeDistributed());
        var dense = new Dense(2);
        Assert.Throws<ArgumentException>(() => new TimeDistributed(dense, dense));
        Assert.Throws<ArgumentException>(() => new TimeDistributed(new TiedDense(new Embedding(3, 2))));
        Assert.Throws<ShapeException>(() => new Sequential(new TimeDistributed(new Dense(2))).Predict(Tensor.Zeros(2, 3)));
        Assert.Contains("one or two sizes", Assert.Throws<ShapeException>(() =>
            new Sequential(new TimeDistributed(new ConditionalRandomField())).Predict(Tensor.Zeros(2, 3, 4, 5))).Message, StringComparison.Ordinal);
        var model = new Sequential(new TimeDistributed(new Lstm(2)));
        model.Build(new Shape(3, 4, 5));
        Assert.Throws<InvalidOperationException>(() => model.Stream());
        var nested = new Sequential(new TimeDistributed(new Residual(new Gru(2) { ReturnSequences = true })));
        nested.Build(new Shape(3, 4, 2));
        Assert.Contains("carries a state", Assert.Throws<InvalidOperationException>(() => nested.Stream()).Message, StringComparison.Ordinal);
    }

    /// <summary>Words of 1 … all characters, some of which come back.</summary>
    private static Tensor Words(int batch, int steps, int characters) => Tensor.From(
        [.. Enumerable.Range(0, batch * steps * characters).Select(i => i % characters <= i / characters % characters ? 1f + i % 7 : 0f)], batch, steps, characters);
}
