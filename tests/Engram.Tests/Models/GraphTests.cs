using Engram.Files;
using Engram.Tests.Autograd;
using Engram.Tests.Layers;
using Engram.Tests.Training;
using Engram.Training;

namespace Engram.Tests.Models;

public sealed class GraphTests
{
    [Fact]
    public void A_chain_is_what_Sequential_makes_of_it_to_the_bit()
    {
        Node x = Node.Input(6, 2);
        var graph = new Graph([x], [new Dense(1).Of(new Dropout(0.3).Of(new Lstm(5).Of(x)))]);
        var chain = new Sequential(new Lstm(5), new Dropout(0.3), new Dense(1));
        Tensor data = Tensor.Normal(new RandomStream(1), 20, 6, 2), y = Tensor.Normal(new RandomStream(2), 20, 1);
        SequenceMask mask = MaskPatterns.Mixed(20, 6);
        foreach (Model model in (Model[])[graph, chain])
        {
            model.Compile(new Adam(), Loss.MeanSquaredError, Metric.MeanAbsoluteError);
            model.Fit(data, y, mask, new FitOptions { Epochs = 3, BatchSize = 6, Seed = 4 });
        }
        Assert.Equal(chain.Predict(data, mask).ToArray(), graph.Predict(data, mask).ToArray());
        Assert.Equal(chain.Evaluate(data, y, mask), graph.Evaluate(data, y, mask));
        Assert.Equal(chain.Parameters.Select(p => p.Name), graph.Parameters.Select(p => p.Name));
        Assert.Equal(chain.Predict(data, mask).ToArray(), graph.Predict([data], [mask])[0].ToArray());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradients_of_shared_layers_branches_and_several_outputs(bool masked)
    {
        using Device device = GradientCheck.DoubleDevice();
        Graph graph = TwoByTwo(device);
        graph.Build();
        GradientCheck.Perturb(graph);
        SequenceMask? left = masked ? MaskPatterns.Mixed(3, 5) : null, right = masked ? SequenceMask.FromLengths([2, 5, 4], 5) : null;
        GradientCheck.Weights(
            graph,
            (pass, x) =>
            {
                Tensor[] outputs = graph.Forward(pass, [pass.Masked(x[0], left), pass.Masked(x[1], right)]);
                return pass.Add(GradientCheck.Project(pass, outputs[0]), GradientCheck.Project(pass, outputs[1]));
            },
            new Shape(3, 5, 2), new Shape(3, 5, 2));
    }

    [Fact]
    public void Fit_makes_the_weighted_sum_of_the_losses_small()
    {
        Graph graph = TwoByTwo();
        (Tensor[] x, Tensor[] y) = Data(40);
        SequenceMask?[] masks = [MaskPatterns.Mixed(40, 5), null];
        graph.Compile(new Adam(0.01), [Loss.MeanSquaredError, Loss.MeanAbsoluteError], [1, 0.25], Metric.MeanAbsoluteError);
        History history = graph.Fit(x, y, new FitOptions { Epochs = 60, BatchSize = 8, ValidationSource = Graph.Samples(x, y, masks) }, masks);
        Assert.True(history.Epochs[^1].Loss < 0.7 * history.Epochs[0].Loss, $"{history.Epochs[0].Loss} to {history.Epochs[^1].Loss}");

        IReadOnlyDictionary<string, double> scores = graph.Evaluate(x, y, masks);
        Tensor[] predicted = graph.Predict(x, masks, batchSize: 7);
        double squared = predicted[0].ToArray().Zip(y[0].ToArray(), (p, t) => Math.Pow((double)p - t, 2)).Average();
        double absolute = predicted[1].ToArray().Zip(y[1].ToArray(), (p, t) => Math.Abs((double)p - t)).Average();
        Assert.Equal(["loss", "dense_loss", "dense_mean_absolute_error", "dense_1_loss", "dense_1_mean_absolute_error"], scores.Keys);
        Assert.Equal(squared, scores["dense_loss"], 1e-5);
        Assert.Equal(absolute, scores["dense_1_loss"], 1e-5);
        Assert.Equal(squared + 0.25 * absolute, scores["loss"], 1e-5);
        Assert.Equal(scores["loss"], history.Epochs[^1].Values["val_loss"]);
        Assert.Equal("mean_squared_error + 0.25 · mean_absolute_error", graph.Loss!.Name);
    }

    [Fact]
    public void One_loss_serves_all_outputs()
    {
        Graph graph = TwoByTwo();
        (Tensor[] x, Tensor[] y) = Data(6);
        graph.Compile(new Sgd(), Loss.MeanSquaredError);
        graph.Fit(x, y);
        IReadOnlyDictionary<string, double> scores = graph.Evaluate(x, y);
        Assert.Equal(scores["dense_loss"] + scores["dense_1_loss"], scores["loss"], 1e-12);
    }

    [Fact]
    public void A_resumed_run_ends_as_the_uncut_one()
    {
        using var folder = new TemporaryFolder();
        (Tensor[] x, Tensor[] y) = Data(20);
        float[] Train(int[] epochs, string name)
        {
            Graph graph = TwoByTwo();
            foreach (int count in epochs)
            {
                graph = TwoByTwo();
                graph.Compile(new Adam(), Loss.MeanSquaredError);
                graph.Fit(x, y, new FitOptions { Epochs = count, BatchSize = 6, CheckpointPath = folder.File(name), Resume = true });
            }
            return [.. graph.Parameters.SelectMany(parameter => parameter.ToArray())];
        }
        Assert.Equal(Train([4], "whole"), Train([2, 4], "cut"));
    }

    [Fact]
    public void A_steady_training_step_allocates_under_1_KB()
    {
        using Device device = Device.Cpu(2); // of its own: whoever else trains on the default one trims its pool
        Graph graph = TwoByTwo(device, shared: new Dense(2));
        (Tensor[] x, Tensor[] y) = Data(320);
        graph.Compile(new Adam(), [Loss.MeanSquaredError, Loss.MeanSquaredError]);
        var meter = new AllocationMeter(from: 5, to: 35);
        graph.Fit(x, y, new FitOptions { Epochs = 2, BatchSize = 8, Callbacks = [meter] }, [MaskPatterns.Mixed(320, 5), null]);
        Assert.InRange(meter.Bytes / 30.0, 0, 1023);
    }

    [Fact]
    public void A_loaded_graph_predicts_the_same_bits_and_shares_what_it_shared()
    {
        using var folder = new TemporaryFolder();
        Graph graph = TwoByTwo();
        (Tensor[] x, _) = Data(9);
        SequenceMask?[] masks = [null, MaskPatterns.Mixed(9, 5)];
        Tensor[] expected = graph.Predict(x, masks);
        graph.Save(folder.File("g"));

        Graph loaded = Graph.Load(folder.File("g"));

        Tensor[] actual = loaded.Predict(x, masks);
        Assert.Equal(expected[0].ToArray(), actual[0].ToArray());
        Assert.Equal(expected[1].ToArray(), actual[1].ToArray());
        Assert.Equal(graph.Parameters.Select(p => p.Name), loaded.Parameters.Select(p => p.Name));
        Assert.Contains("Graph.Load", Assert.Throws<ModelFileException>(() => Sequential.Load(folder.File("g"))).Message, StringComparison.Ordinal);
        var chain = new Sequential(new Dense(1));
        chain.Build(new Shape(2));
        chain.Save(folder.File("s"));
        Assert.Contains("Sequential.Load", Assert.Throws<ModelFileException>(() => Graph.Load(folder.File("s"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"of\":[0]", "\"of\":[99]", "node 99")]
    [InlineData("\"of\":[0]", "\"of\":[-1]", "node -1")]
    [InlineData("\"of\":[0]", "\"of\":[]", "not 0")]
    [InlineData("\"outputs\":[", "\"outputs\":[77,", "node 77")]
    [InlineData("\"layer\":\"lstm\"", "\"layer\":\"nowhere\"", "not there")]
    [InlineData("\"inputs\":[[5,2]", "\"inputs\":[[5,3]", "expects inputs")]
    [InlineData("\"inputs\":[[5,2]", "\"inputs\":[[2000000000,2]", "input")]
    [InlineData("\"name\":\"dense_1\"", "\"name\":\"dense\"", "two layers")]
    [InlineData("\"inputs\":[", "\"input\":[", "inputs")]
    public void A_description_that_does_not_fit_is_refused(string before, string after, string named)
    {
        using var folder = new TemporaryFolder();
        Graph graph = TwoByTwo();
        graph.Build();
        graph.Save(folder.File("m"));
        SafeTensorsFile file = SafeTensorsFile.Read(folder.File("m"));
        string text = file.Metadata["engram"];
        Assert.Contains(before, text, StringComparison.Ordinal);
        SafeTensorsFile.Write(folder.File("bad"), [.. file.Tensors.Values], new Dictionary<string, string> { ["engram"] = text.Replace(before, after, StringComparison.Ordinal) });
        Assert.Contains(named, Assert.Throws<ModelFileException>(() => Graph.Load(folder.File("bad"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Graphs_that_do_not_hang_together_are_refused()
    {
        Node a = Node.Input(3), b = Node.Input(3);
        Node y = new Dense(1).Of(a);
        Assert.Contains("at least one", Refused(() => new Graph([], [y])), StringComparison.Ordinal);
        Assert.Contains("at least one", Refused(() => new Graph([a], [])), StringComparison.Ordinal);
        Assert.Contains("not among", Refused(() => new Graph([a], [y, new Dense(1).Of(b)])), StringComparison.Ordinal);
        Assert.Contains("input 2", Refused(() => new Graph([a, b], [y])), StringComparison.Ordinal);
        Assert.Contains("Node.Input", Refused(() => new Graph([a, a], [y])), StringComparison.Ordinal);
        Assert.Contains("Node.Input", Refused(() => new Graph([y], [y])), StringComparison.Ordinal);
        Assert.Contains("not 2", Refused(() => new Dense(1).Of(a, b)), StringComparison.Ordinal);
        Assert.Contains("not 0", Refused(() => new Add().Of()), StringComparison.Ordinal);
        Assert.Contains("one to 3 sizes", Refused(() => Node.Input()), StringComparison.Ordinal);
        Assert.Contains("one to 3 sizes", Refused(() => Node.Input(3, 0)), StringComparison.Ordinal);
        _ = new Graph([a], [y]);
        Assert.Contains("stands in a model already", Refused(() => new Graph([a], [y])), StringComparison.Ordinal);
    }

    [Fact]
    public void Data_that_does_not_fit_the_graph_is_refused()
    {
        Graph graph = TwoByTwo();
        (Tensor[] x, Tensor[] y) = Data(4);
        graph.Compile(new Sgd(), Loss.MeanSquaredError);
        Assert.Contains("2 inputs, but 1", Refused(() => graph.Predict([x[0]])), StringComparison.Ordinal);
        Assert.Contains("Give lists", Assert.Throws<InvalidOperationException>(() => { graph.Build(); graph.Predict(x[0]); }).Message, StringComparison.Ordinal);
        Assert.Contains("as many targets, but 1", Refused(() => graph.Fit(x, [y[0]])), StringComparison.Ordinal);
        Assert.Contains("as many targets, but 1", Refused(() => graph.Evaluate(x, [y[0]])), StringComparison.Ordinal);
        Assert.Contains("2 inputs but 1 masks", Refused(() => graph.Fit(x, y, masks: [null])), StringComparison.Ordinal);
        Assert.Contains("all must have as many", Refused(() => graph.Fit([x[0], Tensor.Zeros(5, 5, 2)], y)), StringComparison.Ordinal);
        Assert.Contains("input_2 expects", Refused(() => graph.Predict([x[0], Tensor.Zeros(4, 5)])), StringComparison.Ordinal);
        Assert.Contains("Layer add_1 (add)", Refused(() => graph.Predict([x[0], Tensor.Zeros(4, 6, 2)])), StringComparison.Ordinal);
        Assert.Contains("as many losses, but 1", Refused(() => graph.Compile(new Sgd(), [Loss.MeanSquaredError])), StringComparison.Ordinal);
        Assert.Contains("0 or more", Refused(() => graph.Compile(new Sgd(), [Loss.MeanSquaredError, Loss.MeanSquaredError], [1, -1])), StringComparison.Ordinal);
    }

    [Fact]
    public void Inputs_have_the_sizes_that_were_declared_and_any_number_of_steps()
    {
        Node words = Node.Input(4), numbers = Node.Input(4, 3), still = Node.Input(2);
        Node sequence = new Lstm(2).Of(new Concatenate().Of(new Embedding(5, 2).Of(words), numbers));
        var graph = new Graph([words, numbers, still], [new Dense(1).Of(new Concatenate().Of(sequence, still))]);
        Assert.Contains("input_2 expects a batch of samples [4, 3], of any number of steps,", Refused(9, 5, 2), StringComparison.Ordinal);
        Assert.Contains("input_3 expects a batch of samples [2], but got shape [1, 7]", Refused(9, 3, 7), StringComparison.Ordinal);
        Assert.False(graph.IsBuilt);
        Assert.Equal(new Shape(6, 1), Predict(9, 3, 2).Shape);
        Assert.Equal(new Shape(6, 1), Predict(4, 3, 2).Shape);
        Assert.Contains("input_2", Refused(4, 2, 2), StringComparison.Ordinal);

        Tensor Predict(int steps, int features, int numbers) =>
            graph.Predict([Tensor.Zeros(6, steps), Tensor.Zeros(6, steps, features), Tensor.Zeros(6, numbers)])[0];

        string Refused(int steps, int features, int numbers) => Assert.Throws<ShapeException>(() => { Predict(steps, features, numbers); }).Message;
    }

    [Fact]
    public void Every_output_has_a_name_of_its_own()
    {
        Node x = Node.Input(2);
        var shared = new Dense(2);
        Node once = shared.Of(x), twice = shared.Of(once), thrice = shared.Of(twice);
        Node other = new Dense(1).Of(x), third = new Dense(1).Of(x);
        var graph = new Graph([x], [once, twice, other, third, thrice]);
        Assert.Equal(["dense", "dense_3", "dense_1", "dense_2", "dense_4"], graph.OutputNames);
        graph.Compile(new Sgd(), Loss.MeanSquaredError);
        Tensor one = Tensor.Zeros(3, 1), two = Tensor.Zeros(3, 2);
        Assert.Equal(6, graph.Evaluate([two], [two, two, one, one, two]).Count);
    }

    [Fact]
    public void Layers_that_merge_name_what_does_not_fit()
    {
        Node a = Node.Input(4, 2), b = Node.Input(4, 3), c = Node.Input(5, 2);
        ShapeException add = Assert.Throws<ShapeException>(() => new Graph([a, b], [new Add().Of(a, b)]).Build());
        Assert.Equal("Layer add (add) expects inputs of the shape of the first, [1, 4, 2], but got shape [1, 4, 3].", add.Message);
        Assert.Contains("in the last dimension alone", Assert.Throws<ShapeException>(() => new Graph([a, c], [new Concatenate().Of(a, c)]).Build()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_very_deep_graph_is_no_trouble()
    {
        Node x = Node.Input(2), y = x;
        var add = new Add();
        for (int i = 0; i < 20_000; i++)
        {
            y = add.Of(y, x);
        }
        Assert.Equal(20_001f, new Graph([x], [y]).Predict(Tensor.From([1f, 1], 1, 2)).ToArray()[0]);
    }

    [Fact]
    public void A_stream_of_a_graph_gives_what_the_whole_sequence_gives_to_the_bit()
    {
        const int steps = 9;
        Node ids = Node.Input(steps);
        var shared = new Lstm(4) { ReturnSequences = true };
        Node words = new Embedding(7, 4).Of(ids), once = shared.Of(words), twice = shared.Of(once);
        var graph = new Graph([ids], [new Dense(2).Of(new Concatenate().Of(new Add().Of(words, twice), new LayerNormalization().Of(once)))]);
        Tensor x = Tensor.From([.. Enumerable.Range(0, steps).Select(i => (float)(i * 3 % 7))], 1, steps);
        float[] expected = graph.Predict(x).ToArray(), output = new float[2];
        ModelStream stream = graph.Stream();
        for (int step = 0; step < steps; step++)
        {
            stream.Step([x[0, step]], output);
            Assert.Equal(expected[(2 * step)..(2 * step + 2)], output);
        }
        Graph several = TwoByTwo();
        several.Build();
        Assert.Contains("2 and 2", Assert.Throws<InvalidOperationException>(() => several.Stream()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_batch_gives_empty_results()
    {
        Tensor[] outputs = TwoByTwo().Predict([Tensor.Zeros(0, 5, 2), Tensor.Zeros(0, 5, 2)]);
        Assert.Equal(new Shape(0, 1), outputs[0].Shape);
        Assert.Equal(new Shape(0, 3), outputs[1].Shape);
    }

    private static string Refused(Action call) => Assert.ThrowsAny<ArgumentException>(call).Message;

    private static string Refused(Func<object> call) => Refused(() => { _ = call(); });

    private static (Tensor[] X, Tensor[] Y) Data(int samples) => (
        [Tensor.Normal(new RandomStream(1), samples, 5, 2), Tensor.Normal(new RandomStream(2), samples, 5, 2)],
        [Tensor.Normal(new RandomStream(3), samples, 1), Tensor.Normal(new RandomStream(4), samples, 3)]);

    /// <summary>Two inputs through one shared layer, a residual connection, two outputs.</summary>
    private static Graph TwoByTwo(Device? device = null, Layer? shared = null)
    {
        Node a = Node.Input(5, 2), b = Node.Input(5, 2);
        shared ??= new Lstm(2) { ReturnSequences = true };
        Node left = new Add().Of(shared.Of(a), a), right = shared.Of(b);
        Node both = new Concatenate().Of(left, right, new Add().Of(left, right));
        Node pooled = AttentionPooling.Additive(3).Of(both);
        return new Graph([a, b], [new Dense(1).Of(pooled), new Dense(3).Of(new GlobalMaxPooling().Of(both))]) { Device = device ?? Device.Default };
    }
}
