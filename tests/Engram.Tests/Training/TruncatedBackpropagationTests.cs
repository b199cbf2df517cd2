using Engram.Training;

namespace Engram.Tests.Training;

public sealed class TruncatedBackpropagationTests
{
    private const int Batch = 3, Steps = 12;
    private static readonly Tensor X = Tensor.Normal(new RandomStream(1), Batch, Steps, 2);
    private static readonly Tensor Y = Tensor.Normal(new RandomStream(2), Batch, Steps, 1);

    [Fact]
    public void A_piece_as_long_as_the_sequence_is_no_truncation() =>
        Assert.Equal(Train(X, Y, new FitOptions { Epochs = 3, BatchSize = Batch }), Train(X, Y, new FitOptions { Epochs = 3, BatchSize = Batch, Truncation = new(Steps) }));

    [Theory]
    [InlineData(4, 4)]
    [InlineData(4, 8)]
    [InlineData(3, 9)]
    [InlineData(5, 5)] // the last piece is shorter
    [InlineData(2, 12)]
    public void Pieces_equal_a_loop_written_by_hand(int steps, int backSteps)
    {
        (Sequential model, Lstm lstm, Dense dense) = Model();
        model.Build(new Shape(Steps, 2), seed: 0);
        var sgd = new Sgd(0.1);
        var starts = new Dictionary<int, (float[] Hidden, float[] Cell)>();
        for (int piece = 0; piece * steps < Steps; piece++)
        {
            int first = Math.Max(0, piece - backSteps / steps + 1);
            model.Run(
                pass =>
                {
                    LstmState? state = starts.TryGetValue(first, out (float[] Hidden, float[] Cell) start)
                        ? new LstmState(pass.Input(start.Hidden, new Shape(Batch, 5)), pass.Input(start.Cell, new Shape(Batch, 5))) : null;
                    Tensor loss = default;
                    for (int at = first; at <= piece; at++)
                    {
                        (Tensor output, LstmState end) = lstm.Apply(pass, Slice(X, at * steps, steps), state);
                        state = end;
                        starts[at + 1] = (end.Hidden.ToArray(), end.Cell.ToArray());
                        loss = Loss.MeanSquaredError.Apply(pass, dense.Apply(pass, output), pass.Input(Slice(Y, at * steps, steps)));
                    }
                    pass.Backward(loss);
                    sgd.Step(model);
                    return 0;
                },
                training: true);
        }
        Assert.Equal(Weights(model), Train(X, Y, new FitOptions { BatchSize = Batch, Shuffle = false, Truncation = new(steps, backSteps) }));
    }

    [Fact]
    public void Penalties_of_outputs_are_of_the_last_piece_alone()
    {
        Regularizer outputs = Regularizer.L2(0.3), weights = Regularizer.L2(0.2);
        (Sequential expected, Lstm lstm, Dense dense) = Model();
        expected.Build(new Shape(Steps, 2), seed: 0);
        dense.Parameters[0].Regularizer = weights;
        var sgd = new Sgd(0.1);
        double sum = 0;
        for (int piece = 0; piece < 2; piece++)
        {
            sum += expected.Run(
                pass =>
                {
                    LstmState? state = null;
                    Tensor output = default;
                    for (int at = 0; at <= piece; at++)
                    {
                        (Tensor hidden, state) = lstm.Apply(pass, Slice(X, at * 6, 6), state);
                        output = dense.Apply(pass, hidden);
                    }
                    Tensor penalty = pass.Add(pass.Penalty(), outputs.OfActivity(pass, output));
                    pass.Backward(pass.Add(Loss.MeanSquaredError.Apply(pass, output, pass.Input(Slice(Y, piece * 6, 6))), penalty));
                    sgd.Step(expected);
                    return penalty.ToScalar();
                },
                training: true);
        }

        var model = new Sequential(new Lstm(5) { ReturnSequences = true }, new Dense(1) { KernelRegularizer = weights, ActivityRegularizer = outputs });
        model.Compile(new Sgd(0.1), Loss.MeanSquaredError);
        History history = model.Fit(X, Y, new FitOptions { BatchSize = Batch, Shuffle = false, Truncation = new(6, 12) });
        Assert.Equal(sum / 2, history["penalty"][0], 1e-6);
        Assert.Equal(Weights(expected), Weights(model), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void A_longer_way_back_gives_other_weights() =>
        Assert.NotEqual(
            Train(X, Y, new FitOptions { BatchSize = Batch, Truncation = new(4) }), Train(X, Y, new FitOptions { BatchSize = Batch, Truncation = new(4, 8) }));

    [Fact]
    public void Carried_states_over_batches_equal_pieces_of_one_sequence()
    {
        // Batch b holds steps 4b … 4b + 3 of all sequences.
        float[] x = [.. Enumerable.Range(0, 3).SelectMany(b => Slice(X, b * 4, 4).ToArray())], y = [.. Enumerable.Range(0, 3).SelectMany(b => Slice(Y, b * 4, 4).ToArray())];
        float[] carried = Train(Tensor.From(x, 9, 4, 2), Tensor.From(y, 9, 4, 1), new FitOptions { BatchSize = 3, Shuffle = false, CarryState = true });
        float[] lost = Train(Tensor.From(x, 9, 4, 2), Tensor.From(y, 9, 4, 1), new FitOptions { BatchSize = 3, Shuffle = false });
        Assert.Equal(Train(X, Y, new FitOptions { BatchSize = Batch, Shuffle = false, Truncation = new(4) }), carried);
        Assert.NotEqual(lost, carried);
    }

    [Fact]
    public void A_sample_that_starts_a_sequence_starts_from_zero()
    {
        float[] x = [.. Enumerable.Range(0, 3).SelectMany(b => Slice(X, b * 4, 4).ToArray())], y = [.. Enumerable.Range(0, 3).SelectMany(b => Slice(Y, b * 4, 4).ToArray())];
        var source = new ArraySource(Tensor.From(x, 9, 4, 2), Tensor.From(y, 9, 4, 1));
        var options = new FitOptions { BatchSize = 3, Shuffle = false, CarryState = true };
        (Sequential model, _, _) = Model();
        model.Fit(new Starting(source, _ => true), options);
        (Sequential apart, _, _) = Model();
        apart.Fit(source, new FitOptions { BatchSize = 3, Shuffle = false });
        Assert.Equal(Weights(apart), Weights(model));

        (Sequential one, _, _) = Model();
        one.Fit(new Starting(source, sample => sample == 4), options);
        Assert.NotEqual(Weights(apart), Weights(one));
    }

    [Fact]
    public void Prediction_and_evaluation_go_on_from_batch_to_batch_where_asked_for()
    {
        (Sequential model, _, _) = Model();
        float[] x = [.. Enumerable.Range(0, 3).SelectMany(b => Slice(X, b * 4, 4).ToArray())], y = [.. Enumerable.Range(0, 3).SelectMany(b => Slice(Y, b * 4, 4).ToArray())];
        Tensor pieces = Tensor.From(x, 9, 4, 2), targets = Tensor.From(y, 9, 4, 1), expected = model.Predict(X), carried = model.Predict(pieces, batchSize: 3, carryState: true);
        for (int b = 0; b < 3; b++)
        {
            Assert.Equal(Slice(expected, b * 4, 4).ToArray(), carried.ToArray()[(b * 12)..((b + 1) * 12)]);
        }
        Assert.Equal(model.Evaluate(X, Y)["loss"], model.Evaluate(pieces, targets, batchSize: 3, carryState: true)["loss"], 1e-6);
        Assert.NotEqual(model.Predict(pieces).ToArray(), carried.ToArray());

        // where every sample starts a sequence of its own, and under a mask that leaves nothing out
        var starting = new Starting(new ArraySource(pieces, targets), _ => true);
        Assert.Equal(model.Predict(pieces).ToArray(), model.Predict(starting, batchSize: 3, carryState: true).ToArray());
        SequenceMask full = SequenceMask.FromLengths([.. Enumerable.Repeat(4, 9)], 4);
        Assert.Equal(carried.ToArray(), model.Predict(pieces, full, batchSize: 3, carryState: true).ToArray());
        Assert.Contains("whole batches", Assert.Throws<ArgumentException>(() => model.Predict(pieces, batchSize: 4, carryState: true)).Message, StringComparison.Ordinal);

        var both = new Sequential(new Bidirectional(new Lstm(2)));
        Assert.Contains("step by step", Assert.Throws<InvalidOperationException>(() => both.Predict(pieces, batchSize: 3, carryState: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Masked_sequences_are_cut_with_their_masks()
    {
        SequenceMask mask = SequenceMask.FromLengths([12, 5, 9], Steps);
        (Sequential model, _, _) = Model();
        History history = model.Fit(X, Y, mask, new FitOptions { Epochs = 2, BatchSize = Batch, Truncation = new(4) });
        Assert.True(history.Epochs[1].Loss < history.Epochs[0].Loss);
    }

    [Fact]
    public void What_cannot_be_cut_is_refused()
    {
        (Sequential model, _, _) = Model();
        Assert.Contains(
            "every step",
            Assert.Throws<ShapeException>(() => model.Fit(X, Tensor.Zeros(Batch, 1), new FitOptions { Truncation = new(4) })).Message, StringComparison.Ordinal);
        Assert.Contains("Shuffle", Assert.Throws<ArgumentException>(() => model.Fit(X, Y, new FitOptions { CarryState = true })).Message, StringComparison.Ordinal);
        Assert.Contains(
            "whole batches",
            Assert.Throws<ArgumentException>(() => model.Fit(X, Y, new FitOptions { BatchSize = 2, CarryState = true, Shuffle = false })).Message, StringComparison.Ordinal);
        var three = new FitOptions
        {
            BatchSize = 3, CarryState = true, Shuffle = false, ValidationData = (Tensor.Zeros(7, Steps, 2), Tensor.Zeros(7, Steps, 1)),
        };
        Assert.Contains("7 validation samples", Assert.Throws<ArgumentException>(() => model.Fit(X, Y, three)).Message, StringComparison.Ordinal);
        Assert.False(model.IsBuilt);
        var seven = new ArraySource(Tensor.Zeros(7, Steps, 2), Tensor.Zeros(7, Steps, 1));
        Assert.Contains(
            "whole batches", Assert.Throws<ArgumentException>(() => model.Evaluate(seven, batchSize: 3, carryState: true)).Message, StringComparison.Ordinal);
        model.Evaluate(seven, carryState: true);
        Assert.Throws<ArgumentOutOfRangeException>(() => new TruncatedBackpropagation(4, 6));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TruncatedBackpropagation(0));
    }

    private static float[] Train(Tensor x, Tensor y, FitOptions options)
    {
        (Sequential model, _, _) = Model();
        model.Fit(x, y, options);
        return Weights(model);
    }

    private static (Sequential Model, Lstm Lstm, Dense Dense) Model()
    {
        (Lstm lstm, Dense dense) = (new Lstm(5) { ReturnSequences = true }, new Dense(1));
        var model = new Sequential(lstm, dense);
        model.Compile(new Sgd(0.1), Loss.MeanSquaredError);
        return (model, lstm, dense);
    }

    private static float[] Weights(Model model) => [.. model.Parameters.SelectMany(parameter => parameter.ToArray())];

    private static Tensor Slice(Tensor x, int first, int steps)
    {
        int time = x.Shape[1], size = x.Shape[2], count = Math.Min(steps, time - first);
        float[] values = x.ToArray();
        return Tensor.From([.. Enumerable.Range(0, x.Shape[0]).SelectMany(row => values[((row * time + first) * size)..((row * time + first + count) * size)])], x.Shape[0], count, size);
    }

    private sealed class Starting(ISampleSource source, Func<int, bool> starts) : ISampleSource
    {
        public int Count => source.Count;

        public Shape InputShape => source.InputShape;

        public Shape TargetShape => source.TargetShape;

        public void Read(ReadOnlySpan<int> samples, Span<float> inputs, Span<float> targets) => source.Read(samples, inputs, targets);

        public bool StartsSequence(int sample) => starts(sample);
    }
}
