using Engram.Tests.Layers;
using Engram.Training;

namespace Engram.Tests.Models;

public sealed class GraphTrainingTests
{
    private const int Samples = 25, Steps = 6;

    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    public void Lists_of_one_train_as_one_does_where_batches_have_unlike_numbers_of_real_steps(int? pieces)
    {
        Node x = Node.Input(Steps, 2);
        var graph = new Graph([x], [new Dense(1).Of(new Lstm(3) { ReturnSequences = true }.Of(x))]);
        var chain = new Sequential(new Lstm(3) { ReturnSequences = true }, new Dense(1));
        Tensor data = Tensor.Normal(new RandomStream(1), Samples, Steps, 2), y = Tensor.Normal(new RandomStream(2), Samples, Steps, 1);
        SequenceMask mask = MaskPatterns.Mixed(Samples, Steps);
        // Batches of one sample, some of which have no real step.
        var options = new FitOptions { Epochs = 3, BatchSize = 1, Truncation = pieces is { } steps ? new(steps) : null };
        graph.Compile(new Adam(0.05), Loss.MeanSquaredError);
        chain.Compile(new Adam(0.05), Loss.MeanSquaredError);
        History lists = graph.Fit([data], [y], options, [mask]), one = chain.Fit(data, y, mask, options);
        Assert.Equal(one.Epochs.Select(epoch => epoch.Loss), lists.Epochs.Select(epoch => epoch.Loss));
        Assert.Equal(chain.Predict(data, mask).ToArray(), graph.Predict([data], [mask])[0].ToArray());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    public void Sources_give_what_arrays_give_and_one_among_both_lists_is_read_once(int? pieces)
    {
        (Tensor[] x, Tensor[] y, SequenceMask mask) = Data();
        var first = new Counting(new ArraySource(x[0], y[0], mask));
        ISampleSource[] inputs = [first, new ArraySource(x[1])], targets = [first, new ArraySource(x[0], y[1])];
        (Graph ofArrays, Graph ofSources) = (TwoByTwo(), TwoByTwo());
        var options = new FitOptions { Epochs = 2, BatchSize = 8, Truncation = pieces is { } steps ? new(steps) : null };
        ofArrays.Fit(x, y, options, [mask, null]);
        ofSources.Fit(Graph.Samples(inputs, targets), options);
        Assert.Equal(8, first.Reads); // 4 batches in each epoch
        Assert.Equal(ofArrays.Evaluate(x, y, [mask, null]), ofSources.Evaluate(Graph.Samples(inputs, targets)));
        foreach ((Tensor expected, Tensor actual) in ofArrays.Predict(x, [mask, null]).Zip(ofSources.Predict(inputs, batchSize: 7)))
        {
            Assert.Equal(expected.ToArray(), actual.ToArray());
        }
    }

    [Fact]
    public void Sources_that_do_not_go_together_are_refused()
    {
        (Tensor[] x, Tensor[] y, SequenceMask mask) = Data();
        ISampleSource one = new ArraySource(x[0], y[0], mask), fewer = new ArraySource(Tensor.Zeros(3, Steps, 2), Tensor.Zeros(3, Steps, 1));
        Assert.Contains("25 samples", Assert.Throws<ShapeException>(() => Graph.Samples([one, fewer], [one])).Message, StringComparison.Ordinal);
        Assert.Contains("25 samples", Assert.Throws<ShapeException>(() => Graph.Samples([one], [one, fewer])).Message, StringComparison.Ordinal);
        Assert.Contains("its parts", Assert.Throws<ArgumentException>(() => Graph.Samples([Graph.Samples(x, y)], [one])).Message, StringComparison.Ordinal);
        Assert.Contains("2 inputs, but 1", Assert.Throws<ArgumentException>(() => TwoByTwo().Fit(Graph.Samples([one], [one, one]))).Message, StringComparison.Ordinal);
        Assert.Contains("as a list", Assert.Throws<InvalidOperationException>(() => TwoByTwo().Predict(Graph.Samples([one, one], []))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void States_go_on_from_batch_to_batch_where_asked_for()
    {
        (Tensor[] x, Tensor[] y, _) = Data();
        Graph graph = TwoByTwo();
        Tensor whole = Tensor.From(x[0].ToArray(), 1, Samples * Steps, 2), other = Tensor.From(x[1].ToArray(), 1, Samples * Steps, 2);
        Tensor[] expected = graph.Predict([whole, other]), carried = graph.Predict(x, batchSize: 1, carryState: true);
        Assert.Equal(expected.SelectMany(output => output.ToArray()), carried.SelectMany(output => output.ToArray()));
        Assert.NotEqual(graph.Predict(x, batchSize: 1)[0].ToArray(), carried[0].ToArray());

        double ofWhole = graph.Evaluate([whole, other], [Tensor.From(y[0].ToArray(), 1, Samples * Steps, 1), Tensor.From(y[1].ToArray(), 1, Samples * Steps, 1)])["loss"];
        Assert.Equal(ofWhole, graph.Evaluate(x, y, batchSize: 1, carryState: true)["loss"], 1e-6);
        Assert.Contains("whole batches", Assert.Throws<ArgumentException>(() => graph.Predict(x, batchSize: 2, carryState: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Predicting_and_measuring_can_be_cancelled()
    {
        (Tensor[] x, Tensor[] y, _) = Data();
        var cancelled = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => TwoByTwo().Predict(x, cancellation: cancelled));
        Assert.Throws<OperationCanceledException>(() => TwoByTwo().Evaluate(x, y, cancellation: cancelled));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    public void The_loss_of_an_epoch_is_that_over_the_whole_data_where_outputs_have_unlike_masks(int? pieces)
    {
        Node a = Node.Input(Steps, 2), b = Node.Input(Steps, 2);
        var graph = new Graph([a, b], [new Dense(1).Of(a), new Dense(1).Of(b)]);
        Tensor[] x = [Tensor.Normal(new RandomStream(1), Samples, Steps, 2), Tensor.Normal(new RandomStream(2), Samples, Steps, 2)];
        Tensor[] y = [Tensor.Normal(new RandomStream(3), Samples, Steps, 1), Tensor.Normal(new RandomStream(4), Samples, Steps, 1)];
        SequenceMask?[] masks = [MaskPatterns.Mixed(Samples, Steps), SequenceMask.FromLengths([.. Enumerable.Range(0, Samples).Select(i => i % 4)], Steps)];
        graph.Compile(new Sgd(1e-30), [Loss.MeanSquaredError, Loss.MeanAbsoluteError], [1, 0.25]); // steps that change no weight
        var options = new FitOptions { BatchSize = 3, Epochs = 1, Truncation = pieces is { } steps ? new(steps) : null };
        Assert.Equal(graph.Evaluate(x, y, masks)["loss"], graph.Fit(x, y, options, masks).Epochs[0].Loss, 1e-6);
    }

    [Theory]
    [InlineData(Steps)] // as many numbers as there are steps
    [InlineData(Steps + 1)]
    public void Truncation_gives_inputs_and_targets_without_time_whole(int features)
    {
        Tensor x = Tensor.Normal(new RandomStream(1), Samples, Steps, 2), numbers = Tensor.Normal(new RandomStream(2), Samples, features);
        Tensor y = Tensor.Normal(new RandomStream(3), Samples, Steps, 1), label = Tensor.Normal(new RandomStream(4), Samples, features);
        Node sequence = Node.Input(Steps, 2), still = Node.Input(features);
        var graph = new Graph([sequence, still], [new Dense(1).Of(new Lstm(3) { ReturnSequences = true }.Of(sequence)), new Dense(features).Of(still)]);
        graph.Compile(new Adam(0.01), Loss.MeanSquaredError);
        History history = graph.Fit([x, numbers], [y, label], new FitOptions { Epochs = 30, Truncation = new(3) });
        Assert.True(history.Epochs[^1].Loss < history.Epochs[0].Loss);
    }

    [Fact]
    public void Truncation_cuts_ids_beside_sequences()
    {
        Tensor ids = Tensor.From([.. Enumerable.Range(0, Samples * Steps).Select(i => (float)(i * 3 % 7))], Samples, Steps);
        Tensor x = Tensor.Normal(new RandomStream(1), Samples, Steps, 2), y = Tensor.Normal(new RandomStream(2), Samples, Steps, 1);
        Node words = Node.Input(Steps), numbers = Node.Input(Steps, 2);
        Node both = new Concatenate().Of(new Embedding(7, 2).Of(words), numbers);
        var graph = new Graph([words, numbers], [new Dense(1).Of(new Lstm(3) { ReturnSequences = true }.Of(both))]);
        graph.Compile(new Adam(0.01), Loss.MeanSquaredError);
        History history = graph.Fit([ids, x], [y], new FitOptions { Epochs = 20, Truncation = new(4) });
        Assert.True(history.Epochs[^1].Loss < history.Epochs[0].Loss);
    }

    [Fact]
    public void Validation_samples_of_another_kind_are_refused_before_training()
    {
        Node a = Node.Input(2), b = Node.Input(3);
        var graph = new Graph([a, b], [new Dense(1).Of(new Concatenate().Of(a, b))]);
        Tensor[] x = [Tensor.Zeros(4, 2), Tensor.Zeros(4, 3)];
        Tensor y = Tensor.Zeros(4, 1);
        graph.Compile(new Sgd(), Loss.MeanSquaredError);
        Assert.Contains("ValidationSource", Refused(new FitOptions { ValidationData = (x[0], y) }), StringComparison.Ordinal);
        Assert.Contains("1 and 1 to validate", Refused(new FitOptions { ValidationSource = Graph.Samples([x[0]], [y]) }), StringComparison.Ordinal);
        Assert.False(graph.IsBuilt);

        var chain = new Sequential(new Dense(1));
        chain.Compile(new Sgd(), Loss.MeanSquaredError);
        Assert.Contains("ValidationData", Assert.Throws<ArgumentException>(() => chain.Fit(x[0], y, new FitOptions { ValidationSource = Graph.Samples([x[0]], [y]) })).Message, StringComparison.Ordinal);
        Assert.Contains("one array of each", Assert.Throws<ArgumentException>(() => chain.Fit(Graph.Samples([x[0]], [y]))).Message, StringComparison.Ordinal);

        string Refused(FitOptions options) => Assert.Throws<ArgumentException>(() => graph.Fit(x, [y], options)).Message;
    }

    private static (Tensor[] X, Tensor[] Y, SequenceMask Mask) Data() => (
        [Tensor.Normal(new RandomStream(1), Samples, Steps, 2), Tensor.Normal(new RandomStream(2), Samples, Steps, 2)],
        [Tensor.Normal(new RandomStream(3), Samples, Steps, 1), Tensor.Normal(new RandomStream(4), Samples, Steps, 1)],
        MaskPatterns.Mixed(Samples, Steps));

    private static Graph TwoByTwo()
    {
        Node a = Node.Input(Steps, 2), b = Node.Input(Steps, 2);
        Node state = new Lstm(3) { ReturnSequences = true }.Of(new Concatenate().Of(a, b));
        var graph = new Graph([a, b], [new Dense(1).Of(state), new Dense(1).Of(b)]);
        graph.Compile(new Adam(0.01), [Loss.MeanSquaredError, Loss.MeanAbsoluteError], [1, 0.5]);
        graph.Build();
        return graph;
    }

    /// <summary>Counts how often it is read.</summary>
    private sealed class Counting(ISampleSource source) : ISampleSource
    {
        public int Reads { get; private set; }

        public int Count => source.Count;

        public Shape InputShape => source.InputShape;

        public Shape TargetShape => source.TargetShape;

        public bool HasMask => source.HasMask;

        public void ReadMask(ReadOnlySpan<int> samples, Span<bool> mask) => source.ReadMask(samples, mask);

        public void Read(ReadOnlySpan<int> samples, Span<float> inputs, Span<float> targets)
        {
            Reads++;
            source.Read(samples, inputs, targets);
        }
    }
}
