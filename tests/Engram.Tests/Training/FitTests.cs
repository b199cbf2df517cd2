using Engram.Training;
using static Engram.Tests.Training.SmallTraining;

namespace Engram.Tests.Training;

public sealed class FitTests
{
    [Fact]
    public void There_is_no_score_of_no_samples()
    {
        var model = new Sequential(new Dense(1));
        model.Compile(new Sgd(), Loss.MeanSquaredError);
        model.Build(new Shape(2));

        Assert.Contains("no sample", Assert.Throws<ArgumentException>(() => model.Evaluate(Tensor.Zeros(0, 2), Tensor.Zeros(0, 1))).Message, StringComparison.Ordinal);
        Assert.Empty(model.Predict(Tensor.Zeros(0, 2)).ToArray());
    }

    [Fact]
    public void Every_batch_of_an_epoch_drops_other_weights()
    {
        var model = new Sequential(new Lstm(6) { WeightDropout = 0.5 });
        model.Build(new Shape(6, 2));
        float[] Run(int firstSample) => model.Run(
            pass =>
            {
                pass.SetSampleIndices([firstSample, 7]);
                return model.Forward(pass, Tensor.Normal(new RandomStream(3), 2, 6, 2)).ToArray();
            },
            training: true, new RandomStream(4));

        Assert.Equal(Run(3), Run(3));
        Assert.NotEqual(Run(3), Run(5));
    }

    [Fact]
    public void A_target_of_the_wrong_shape_names_both_remedies()
    {
        Sequential model = Compiled();
        ShapeException error = Assert.Throws<ShapeException>(() => model.Fit(X, Tensor.Zeros(40, 6, 1)));
        Assert.Contains("[32, 1]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[32, 6, 1]", error.Message, StringComparison.Ordinal);
        Assert.Contains("one value per sequence", error.Message, StringComparison.Ordinal);
        Assert.Contains("ReturnSequences = true", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Inputs_and_targets_must_be_as_many()
    {
        ShapeException error = Assert.Throws<ShapeException>(() => Compiled().Fit(X, Tensor.Zeros(39, 1)));
        Assert.Contains("x has 40 samples", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_that_was_not_compiled_says_so() =>
        Assert.Contains("Compile", Assert.Throws<InvalidOperationException>(() => new Sequential(new Dense(1)).Fit(X, Y)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0, 32)]
    [InlineData(1, 0)]
    public void Zero_epochs_and_empty_batches_are_refused(int epochs, int batchSize) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Compiled().Fit(X, Y, new FitOptions { Epochs = epochs, BatchSize = batchSize }));

    [Fact]
    public void Cancelling_ends_after_the_batch_and_keeps_the_history()
    {
        using var cancel = new CancellationTokenSource();
        Sequential model = Compiled();
        var progress = new Synchronous(p =>
        {
            if (p is { Epoch: 2, Batch: 3 })
            {
                cancel.Cancel();
            }
        });
        History history = model.Fit(X, Y, new FitOptions { Epochs = 9, BatchSize = 8, Progress = progress, Cancellation = cancel.Token });

        Assert.Equal(StopReason.Cancelled, history.Stopped);
        Assert.Single(history.Epochs);
        Assert.Equal((2, 3), (progress.Last.Epoch, progress.Last.Batch));
    }

    [Fact]
    public void Cancelling_a_validation_keeps_the_weights_and_leaves_the_epoch_out()
    {
        using var cancel = new CancellationTokenSource();
        var validation = new Listening(batch =>
        {
            if (batch == 7)
            {
                cancel.Cancel(); // in the second epoch
            }
        });
        Sequential model = Compiled(), whole = Compiled();
        History history = model.Fit(X, Y, new FitOptions
        {
            Epochs = 5, BatchSize = 8, ValidationBatchSize = 10, ValidationSource = validation, Cancellation = cancel.Token,
        });
        whole.Fit(X, Y, new FitOptions { Epochs = 2, BatchSize = 8 });

        Assert.Equal((StopReason.Cancelled, 1, 7), (history.Stopped, history.Epochs.Count, validation.Batches.Count));
        Assert.Equal(Weights(whole), Weights(model));
    }

    [Theory]
    [InlineData(null, 40)]
    [InlineData(10, 10)]
    public void Validation_takes_batches_of_its_own_size(int? size, int expected)
    {
        var validation = new Listening(_ => { });
        Compiled().Fit(X, Y, new FitOptions { BatchSize = 15, ValidationBatchSize = size, ValidationSource = validation });
        Assert.Equal(expected, validation.Batches[0]);
        Assert.Equal(40, validation.Batches.Sum());
        Assert.Throws<ArgumentOutOfRangeException>(() => Compiled().Fit(X, Y, new FitOptions { ValidationBatchSize = 0 }));
    }

    [Fact]
    public void An_epoch_s_loss_and_an_evaluation_are_means_over_real_steps_whatever_the_batches()
    {
        Tensor x = Tensor.Normal(new RandomStream(1), 12, 6, 2), y = Tensor.Normal(new RandomStream(2), 12, 6, 1);
        SequenceMask mask = SequenceMask.FromLengths([6, 1, 0, 0, 2, 6, 3, 5, 0, 4, 1, 6], 6);
        var model = new Sequential(new Dense(1));
        model.Compile(new Sgd(1e-12), Loss.MeanSquaredError, Metric.RootMeanSquaredError);
        IReadOnlyDictionary<string, double> one = model.Evaluate(x, y, mask), several = model.Evaluate(x, y, mask, batchSize: 2);

        double epoch = model.Fit(x, y, mask, new FitOptions { BatchSize = 2 }).Loss[0];

        Assert.Equal(one["loss"], several["loss"], 1e-6);
        Assert.Equal(one["loss"], epoch, 1e-6);
        Assert.Equal(one["root_mean_squared_error"], Math.Sqrt(one["loss"]), 1e-6);
    }

    [Fact]
    public void The_largest_batch_size_takes_all_samples_at_once()
    {
        Sequential all = Compiled(), forty = Compiled();
        History history = all.Fit(X, Y, new FitOptions { BatchSize = int.MaxValue });
        Assert.Equal(forty.Fit(X, Y, new FitOptions { BatchSize = 40 }).Loss, history.Loss);
    }

    [Fact]
    public void Gradients_of_each_layer_are_shown_every_so_many_batches()
    {
        var seen = new List<(int Batch, string Layers)>();
        var norms = new List<double>();
        Sequential model = Compiled(new Sgd(1e-9) { ClipNorm = 1e-3 });
        model.Fit(X, Y, new FitOptions { BatchSize = 8, GradientStatistics = 2, Callbacks = [new Gradients((context, batch) =>
        {
            seen.Add((batch, string.Join(' ', context.Gradients.Select(each => each.Layer))));
            norms.AddRange(context.Gradients.Select(each => each.Norm));
            Assert.All(context.Gradients, each => Assert.True(each.Largest > 0 && each.Largest <= each.Norm && each.WeightNorm > 0));
        })] });
        Assert.Equal([(1, ""), (2, "lstm dense"), (3, ""), (4, "lstm dense"), (5, "")], seen);
        Assert.All(norms, norm => Assert.True(norm > 1e-3)); // before they are clipped
    }

    /// <summary>The samples, and the sizes of the batches in which they were asked for.</summary>
    private sealed class Listening(Action<int> read) : ISampleSource
    {
        private readonly ArraySource _source = new(X, Y);

        public List<int> Batches { get; } = [];

        public int Count => _source.Count;

        public Shape InputShape => _source.InputShape;

        public Shape TargetShape => _source.TargetShape;

        public void Read(ReadOnlySpan<int> samples, Span<float> inputs, Span<float> targets)
        {
            Batches.Add(samples.Length);
            read(Batches.Count);
            _source.Read(samples, inputs, targets);
        }
    }

    private sealed class Gradients(Action<TrainingContext, int> see) : Callback
    {
        public override void OnBatchEnd(TrainingContext context, in FitProgress progress) => see(context, progress.Batch);
    }
}
