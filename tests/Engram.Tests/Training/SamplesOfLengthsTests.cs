using Engram.Training;

namespace Engram.Tests.Training;

/// <summary>Samples that tell their lengths: batches as short as their longest sample, samples of like length together, results as without.</summary>
public sealed class SamplesOfLengthsTests
{
    private const int Samples = 203, Time = 40, Features = 3, BatchSize = 8;

    private static readonly Func<Layer>[][] _models =
    [
        [() => new Lstm(5), () => new Dense(1)],
        [() => new Bidirectional(new Gru(4) { ReturnSequences = true }), () => new GlobalMeanPooling(), () => new Dense(1)],
        [() => new Conv1D(4, 3) { Padding = Padding.Same }, () => new SimpleRnn(4) { ReturnSequences = true }, () => AttentionPooling.Additive(3), () => new Dense(1)],
        [() => new LayerNormalization(), () => new Lstm(4) { ReturnSequences = true, GoBackwards = true }, () => new GlobalMaxPooling(), () => new Dense(1)],
        [() => new Reshape(Time * Features), () => new Dense(1)],
        [() => new Conv1D(4, 3), () => new Lstm(3), () => new Dense(1)],
    ];

    public static TheoryData<int> Models => [.. Enumerable.Range(0, _models.Length)];

    [Theory]
    [MemberData(nameof(Models))]
    public void Predictions_are_the_same_bits_in_the_order_given(int number)
    {
        Sequential model = Make(_models[number]);
        Assert.Equal(model.Predict(new Sequences(lengths: false), 16).ToArray(), model.Predict(new Sequences(), 16).ToArray());
    }

    [Fact]
    public void Predictions_of_every_step_are_the_same_bits_and_zero_behind_the_end()
    {
        Sequential model = Make([() => new Lstm(5) { ReturnSequences = true }, () => new Dense(2)]);
        Tensor padded = model.Predict(new Sequences(lengths: false)), cut = model.Predict(new Sequences(), 4);
        Assert.Equal(padded.Shape, cut.Shape);
        float[] expected = padded.ToArray(), actual = cut.ToArray();
        for (int i = 0; i < actual.Length; i++)
        {
            bool isReal = i / 2 % Time < Sequences.Length(i / 2 / Time);
            Assert.True(isReal ? expected[i] == actual[i] : actual[i] == 0 || actual[i] == expected[i], $"number {i}");
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Scores_are_those_without_lengths(bool steps)
    {
        Sequential model = Make([() => new Lstm(5) { ReturnSequences = steps }, () => new Dense(1)]);
        IReadOnlyDictionary<string, double> padded = model.Evaluate(new Sequences(lengths: false, steps)), cut = model.Evaluate(new Sequences(true, steps), 16);
        Assert.Equal(padded.Keys, cut.Keys);
        Assert.All(padded, score => Assert.Equal(score.Value, cut[score.Key], 1e-6));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Training_in_the_order_given_is_that_without_lengths(bool steps)
    {
        float[] padded = Weights(false), cut = Weights(true);
        Assert.All(padded.Zip(cut), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));

        float[] Weights(bool lengths)
        {
            Sequential model = Make([() => new Lstm(5) { ReturnSequences = steps }, () => new Dense(1)]);
            model.Fit(new Sequences(lengths, steps), new FitOptions { Epochs = 2, BatchSize = BatchSize, Shuffle = false });
            return [.. model.Parameters.SelectMany(parameter => parameter.ToArray())];
        }
    }

    [Fact]
    public void Truncated_back_propagation_goes_over_the_steps_that_are_left()
    {
        Sequential model = Make([() => new Lstm(5) { ReturnSequences = true }, () => new Dense(1)]);
        History history = model.Fit(new Sequences(true, steps: true), new FitOptions { Epochs = 3, BatchSize = BatchSize, Truncation = new TruncatedBackpropagation(7) });
        Assert.True(history.Epochs[^1].Loss < history.Epochs[0].Loss);
    }

    [Fact]
    public void A_graph_cuts_the_inputs_that_share_the_time_axis()
    {
        Node words = Node.Input(Time, Features), whole = Node.Input(2), other = Node.Input(Time, Features);
        Node read = new Lstm(4).Of(new Concatenate().Of(words, other));
        var graph = new Graph([words, whole, other], [new Dense(1).Of(new Concatenate().Of(read, whole))]);
        var vectors = new ArraySource(Tensor.Normal(new RandomStream(5), Samples, 2));
        Tensor padded = graph.Predict([new Sequences(false), vectors, new Sequences(false)])[0], cut = graph.Predict([new Sequences(), vectors, new Sequences()], 16)[0];
        Assert.Equal(padded.ToArray(), cut.ToArray());
        Assert.Equal(padded.ToArray(), graph.Predict([new Sequences(), vectors, new Sequences(false)], 16)[0].ToArray());
    }

    [Fact]
    public void An_epoch_has_every_sample_once_and_batches_of_like_length()
    {
        var order = new EpochOrder(new Sequences(), BatchSize);
        order.Shuffle(new RandomStream(1));
        int[] first = order.Samples.ToArray(), padding = [Padding(first), Padding([.. Enumerable.Range(0, Samples)])];
        order.Shuffle(new RandomStream(1));
        Assert.Equal(first, order.Samples.ToArray());
        order.Shuffle(new RandomStream(2));
        Assert.NotEqual(first, order.Samples.ToArray());
        Assert.Equal(Enumerable.Range(0, Samples), first.Order());
        Assert.True(padding[0] * 5 < padding[1], $"{padding[0]} steps of padding instead of {padding[1]}");

        static int Padding(int[] samples) => samples.Chunk(BatchSize).Sum(batch => batch.Sum(sample => batch.Max(Sequences.Length) - Sequences.Length(sample)));
    }

    [Fact]
    public void Batches_are_not_in_the_order_of_their_length()
    {
        var order = new EpochOrder(new Sequences(), BatchSize);
        order.Shuffle(new RandomStream(3));
        int[] longest = [.. order.Samples.ToArray().Chunk(BatchSize).Select(batch => batch.Max(Sequences.Length))];
        Assert.NotEqual(longest.Order(), longest);
        Assert.NotEqual(longest.OrderDescending(), longest);
    }

    [Fact]
    public void A_mask_that_goes_on_behind_the_length_is_refused()
    {
        Sequential model = Make(_models[0]);
        Assert.Contains("Sample 1 has 4 steps by StepsOf", Assert.Throws<InvalidOperationException>(() => model.Predict(new Sequences { Lie = true }, 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_epoch_has_samples_of_its_own_and_validation_the_source_itself()
    {
        var seen = new List<string>();
        Make(_models[0]).Fit(
            new Listening(seen.Add, "source"), new FitOptions { Epochs = 2, BatchSize = Samples, Seed = 3, ValidationSource = new Listening(seen.Add, "validation") });
        Assert.Equal(3, seen.Distinct().Count());
        Assert.Equal(2, seen.Count(name => name == "validation"));
        Assert.DoesNotContain("source", seen);
        string[] again = [.. seen];
        seen.Clear();
        Make(_models[0]).Fit(
            new Listening(seen.Add, "source"), new FitOptions { Epochs = 2, BatchSize = Samples, Seed = 3, ValidationSource = new Listening(seen.Add, "validation") });
        Assert.Equal(again, seen);
    }

    private static Sequential Make(IEnumerable<Func<Layer>> layers)
    {
        var model = new Sequential([.. layers.Select(layer => layer())]);
        model.Compile(new Adam(0.01), Loss.MeanSquaredError, Metric.MeanAbsoluteError);
        return model;
    }

    /// <summary>Sequences of 0 to 40 steps.</summary>
    private sealed class Sequences(bool lengths = true, bool steps = false) : ISampleSource
    {
        public bool Lie { get; init; }

        public int Count => Samples;

        public Shape InputShape => new(Time, Features);

        public Shape TargetShape => steps ? new Shape(Time, 1) : new Shape(1);

        public bool HasMask => true;

        public bool HasLengths => lengths;

        public bool HasStepTargets => steps;

        public static int Length(int sample) => sample * 7 % 41 * (sample % 50 == 0 ? 0 : 1);

        public int StepsOf(int sample) => Lie && sample == 1 ? 4 : Length(sample);

        public void Read(ReadOnlySpan<int> samples, Span<float> inputs, Span<float> targets)
        {
            for (int i = 0; i < samples.Length; i++)
            {
                var random = new RandomStream(samples[i]);
                for (int j = 0; j < Time * Features; j++)
                {
                    inputs[i * Time * Features + j] = j / Features < Length(samples[i]) ? random.Normal(j) : 0;
                }
                int size = steps ? Time : 1;
                for (int j = 0; j < size && !targets.IsEmpty; j++)
                {
                    targets[i * size + j] = random.Normal(1000 + j);
                }
            }
        }

        public void ReadMask(ReadOnlySpan<int> samples, Span<bool> mask)
        {
            for (int i = 0; i < mask.Length; i++)
            {
                mask[i] = i % Time < Length(samples[i / Time]);
            }
        }
    }

    /// <summary>Tells by which name it was read.</summary>
    private sealed class Listening(Action<string> read, string name) : ISampleSource
    {
        private readonly Sequences _samples = new();

        public int Count => Samples;

        public Shape InputShape => _samples.InputShape;

        public Shape TargetShape => _samples.TargetShape;

        public ISampleSource InEpoch(RandomStream random) => new Listening(read, $"epoch {random.Bits(0)}");

        public void Read(ReadOnlySpan<int> samples, Span<float> inputs, Span<float> targets)
        {
            read(name);
            _samples.Read(samples, inputs, targets);
        }
    }
}
