using Engram.Training;

namespace Engram.Tests.Training;

public sealed class FitTests
{
    private static readonly Tensor X = Tensor.Normal(new RandomStream(1), 40, 6, 2);
    private static readonly Tensor Y = Tensor.Normal(new RandomStream(2), 40, 1);

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
    public void Early_stopping_ends_after_patience_and_puts_the_best_weights_back()
    {
        Sequential model = Compiled(new Adam(0.05));
        Tensor validationX = Tensor.Normal(new RandomStream(3), 30, 6, 2), validationY = Tensor.Normal(new RandomStream(4), 30, 1);
        var stopping = new EarlyStopping(patience: 4);
        History history = model.Fit(X, Y, new FitOptions { Epochs = 200, BatchSize = 8, ValidationData = (validationX, validationY), Callbacks = [stopping] });

        Assert.Equal(StopReason.Patience, history.Stopped);
        Assert.Equal(history.BestEpoch, stopping.BestEpoch);
        Assert.Equal(stopping.BestEpoch + 4, history.Epochs.Count);
        Assert.Equal(history.ValidationLoss.Min(), model.Evaluate(validationX, validationY)["loss"], 1e-12);
    }

    [Fact]
    public void Of_a_metric_that_shall_be_large_the_largest_is_the_best()
    {
        // Few samples and a high rate: the accuracy goes up and down.
        Tensor y = Tensor.From([.. Enumerable.Range(0, 40).Select(i => (float)(i * 7 % 3))], 40);
        var model = new Sequential(new Dense(3));
        model.Compile(new Sgd(3), Loss.SparseCategoricalCrossEntropy(), Metric.SparseCategoricalAccuracy);
        Tensor x = Tensor.Normal(new RandomStream(1), 40, 2);
        var stopping = new EarlyStopping(int.MaxValue) { Monitor = "val_sparse_categorical_accuracy" };
        var checkpoint = new ModelCheckpoint("unused", (_, _) => { }) { Monitor = "val_sparse_categorical_accuracy" };
        History history = model.Fit(x, y, new FitOptions { Epochs = 20, BatchSize = 4, ValidationData = (x, y), Callbacks = [stopping, checkpoint] });

        IReadOnlyList<double> accuracies = history["val_sparse_categorical_accuracy"];
        int best = accuracies.Index().MaxBy(item => item.Item).Index + 1;
        Assert.True(accuracies.Max() > accuracies.Min());
        Assert.Equal((best, best), (stopping.BestEpoch, checkpoint.SavedEpoch));
        Assert.Equal(accuracies.Max(), model.Evaluate(x, y)["sparse_categorical_accuracy"]);
    }

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
    public void A_resumed_run_ends_with_the_bits_of_the_uncut_one()
    {
        using var folder = new TemporaryFolder();
        FitOptions Options(string name, int epochs, bool resume = false, Callback? stop = null) => new()
        {
            Epochs = epochs, BatchSize = 8, Seed = 5, ValidationData = (X, Y), CheckpointPath = folder.File(name), Resume = resume,
            Callbacks = stop is null ? [new EarlyStopping(3)] : [new EarlyStopping(3), stop],
        };
        Sequential uncut = Compiled(new Adam(0.02)), cut = Compiled(new Adam(0.02)), resumed = Compiled(new Adam(0.02));
        History expected = uncut.Fit(X, Y, Options("uncut", 7));
        cut.Fit(X, Y, Options("cut", 3));

        History history = resumed.Fit(X, Y, Options("cut", 7, resume: true));

        Assert.Equal(expected.Loss, history.Loss);
        Assert.Equal(expected.ValidationLoss, history.ValidationLoss);
        Assert.Equal(Weights(uncut), Weights(resumed));
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
    public void Resuming_with_another_seed_is_refused()
    {
        using var folder = new TemporaryFolder();
        Compiled().Fit(X, Y, new FitOptions { CheckpointPath = folder.File("c") });
        ArgumentException error = Assert.Throws<ArgumentException>(() => Compiled().Fit(X, Y, new FitOptions { CheckpointPath = folder.File("c"), Resume = true, Seed = 1 }));
        Assert.Contains("seed 0", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string, Loss, Tensor, Tensor, (Tensor X, Tensor Y)?> OtherConditions => new()
    {
        { "loss mean_squared_error; this run has mean_absolute_error", Loss.MeanAbsoluteError, X, Y, null },
        { "training samples 40 of [6, 2] → [1]; this run has 39 of [6, 2] → [1]", Loss.MeanSquaredError, Tensor.Zeros(39, 6, 2), Tensor.Zeros(39, 1), null },
        { "this run has 40 of [5, 2] → [1]", Loss.MeanSquaredError, Tensor.Zeros(40, 5, 2), Y, null },
        { "validation samples none; this run has 40 of [6, 2] → [1]", Loss.MeanSquaredError, X, Y, (X, Y) },
    };

    [Theory]
    [MemberData(nameof(OtherConditions))]
    public void Resuming_with_another_loss_or_other_data_is_refused(string told, Loss loss, Tensor x, Tensor y, (Tensor X, Tensor Y)? validation)
    {
        using var folder = new TemporaryFolder();
        Compiled().Fit(X, Y, new FitOptions { CheckpointPath = folder.File("c") });
        Sequential other = Compiled();
        other.Compile(new Adam(), loss);
        ArgumentException error = Assert.Throws<ArgumentException>(() =>
            other.Fit(x, y, new FitOptions { CheckpointPath = folder.File("c"), Resume = true, ValidationData = validation }));
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_patience_ended_stays_ended_when_resumed()
    {
        using var folder = new TemporaryFolder();
        FitOptions Options(bool resume) => new()
        {
            Epochs = 200, BatchSize = 8, ValidationData = (X, Tensor.Normal(new RandomStream(9), 40, 1)), CheckpointPath = folder.File("c"),
            Resume = resume, Callbacks = [new EarlyStopping(2)],
        };
        Sequential first = Compiled(new Adam(0.05)), again = Compiled(new Adam(0.05));
        History ended = first.Fit(X, Y, Options(resume: false));
        History resumed = again.Fit(X, Y, Options(resume: true));

        Assert.Equal(StopReason.Patience, ended.Stopped);
        Assert.Equal((StopReason.Patience, ended.Epochs.Count), (resumed.Stopped, resumed.Epochs.Count));
        Assert.Equal(Weights(first), Weights(again));
    }

    [Fact]
    public void Early_stopping_starts_afresh_in_another_training()
    {
        var stopping = new EarlyStopping(2);
        Compiled().Fit(X, Tensor.Zeros(40, 1), new FitOptions { Epochs = 3, Callbacks = [stopping] });
        var other = new Sequential(new Lstm(3), new Dense(1));
        other.Compile(new Adam(), Loss.MeanSquaredError);
        other.Fit(X, Y, new FitOptions { Epochs = 1, Callbacks = [stopping] });
        Assert.Equal(1, stopping.BestEpoch);
    }

    [Fact]
    public void The_largest_batch_size_takes_all_samples_at_once()
    {
        Sequential all = Compiled(), forty = Compiled();
        History history = all.Fit(X, Y, new FitOptions { BatchSize = int.MaxValue });
        Assert.Equal(forty.Fit(X, Y, new FitOptions { BatchSize = 40 }).Loss, history.Loss);
    }

    [Fact]
    public void Resuming_without_a_checkpoint_path_is_refused() =>
        Assert.Contains("CheckpointPath", Assert.Throws<ArgumentException>(() => Compiled().Fit(X, Y, new FitOptions { Resume = true })).Message, StringComparison.Ordinal);

    [Fact]
    public void The_best_epoch_is_never_one_without_a_number()
    {
        var history = new History();
        history.Add(new EpochResult(1, 0, 0.1, new Dictionary<string, double> { ["loss"] = 1, ["val_loss"] = double.NaN }));
        history.Add(new EpochResult(2, 0, 0.1, new Dictionary<string, double> { ["loss"] = 1, ["val_loss"] = 2 }));
        Assert.Equal(2, history.BestEpoch);
    }

    [Fact]
    public void Divergence_stops_within_a_step_and_says_what_helps()
    {
        float[] values = X.ToArray();
        values[^1] = float.NaN;
        TrainingDivergedException error = Assert.Throws<TrainingDivergedException>(() => Compiled().Fit(Tensor.From(values, 40, 6, 2), Y, new FitOptions { BatchSize = 40 }));
        Assert.Equal((1, 1), (error.Epoch, error.Batch));
        Assert.Contains("learning rate", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> PlacesOfInfinities => ["input", "infinite input", "target", "weights", "activation", "gradient"];

    [Theory]
    [MemberData(nameof(PlacesOfInfinities))]
    public void Whatever_is_not_finite_stops_within_a_step_and_is_named(string place)
    {
        using var folder = new TemporaryFolder();
        float[] x = X.ToArray(), y = Y.ToArray();
        (x[1 * 12 + 5], y[3]) = (place is "input" ? float.NaN : place is "infinite input" ? float.NegativeInfinity : x[17], place == "target" ? float.NaN : y[3]);
        var model = new Sequential(new Lstm(7), new Dense(4), new Dense(1));
        // Only in the gradient do the huge factors meet: the loss is a finite number.
        model.Compile(new Sgd(place == "gradient" ? 1e-30 : 0.01), Loss.MeanSquaredError);
        model.Build(new Shape(6, 2));
        if (place == "activation")
        {
            model.Parameters[^2].Set([3e38f, 3e38f, 3e38f, 3e38f]);
            model.Parameters[^3].Set([3e38f, 3e38f, 3e38f, 3e38f]);
        }
        if (place == "gradient")
        {
            model.Parameters[^2].Set([1e25f, 1e25f, 1e25f, 1e25f]);
            model.Parameters[^4].Set(new float[28]);
            y[0] = 1e19f;
        }
        int batches = 0;
        TrainingDivergedException error = Assert.Throws<TrainingDivergedException>(() => model.Fit(Tensor.From(x, 40, 6, 2), Tensor.From(y, 40, 1), new FitOptions
        {
            BatchSize = 20, Epochs = 3, Shuffle = false, CheckpointPath = folder.File("kept"), CheckpointInterval = TimeSpan.Zero,
            Progress = new Synchronous(_ =>
            {
                if (++batches == 1 && place == "weights")
                {
                    float[] bias = model.Parameters[2].ToArray();
                    bias[3] = float.PositiveInfinity;
                    model.Parameters[2].Set(bias);
                }
            }),
        }));

        (string what, string? layer) = place switch
        {
            "input" => ("the input of sample 1 is NaN at [2, 1]", null),
            "infinite input" => ("the input of sample 1 is -Infinity at [2, 1]", null),
            "target" => ("the loss is NaN: the target of sample 3 is NaN at [0]", null),
            // A callback spoilt them after the step; no checkpoint takes them.
            "weights" => ("the weights lstm.bias are no longer finite", "lstm"),
            "activation" => ("layer dense_1 (dense) is the first to put out what is no finite number", "dense_1"),
            _ => ("the gradient of dense.bias is no longer finite", (string?)"dense"),
        };
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Equal(layer, error.Layer);
        Assert.Equal((1, 1), (error.Epoch, error.Batch));
        Assert.Contains($"The last good checkpoint is kept in '{folder.File("kept")}'", error.Message, StringComparison.Ordinal);
        Assert.All(Engram.Files.SafeTensorsFile.Read(folder.File("kept")).Tensors.Values, tensor => Assert.All(tensor.ToSingleArray(), value => Assert.True(float.IsFinite(value))));
    }

    [Fact]
    public void A_gradient_that_is_not_finite_leaves_weights_as_they_were_or_the_best()
    {
        Sequential model = Compiled();
        History history = model.Fit(X, Y, new FitOptions { BatchSize = 8, Epochs = 2, ValidationData = (X, Y) });
        float[] reached = Weights(model);
        float[] bad = X.ToArray();
        bad[^1] = float.NaN;
        var stopping = new EarlyStopping(9);
        int steps = 0;
        Assert.Throws<TrainingDivergedException>(() => model.Fit(new Spoilt(() => ++steps > 12), new FitOptions { BatchSize = 8, Epochs = 9, Callbacks = [stopping], ValidationData = (X, Y) }));
        Assert.Equal(2, stopping.BestEpoch);
        Assert.NotEqual(reached, Weights(model));
        Assert.All(Weights(model), weight => Assert.True(float.IsFinite(weight)));
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

    [Fact]
    public void Early_stopping_on_a_value_that_is_not_measured_lists_those_that_are()
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() =>
            Compiled().Fit(X, Y, new FitOptions { Callbacks = [new EarlyStopping { Monitor = "accuracy" }] }));
        Assert.Contains("loss", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_history_tells_of_a_training_that_an_exception_ended()
    {
        float[] values = X.ToArray();
        values[^1] = float.NaN;
        var watcher = new Watcher();
        Assert.Throws<TrainingDivergedException>(() => Compiled().Fit(Tensor.From(values, 40, 6, 2), Y, new FitOptions { Callbacks = [watcher] }));
        Assert.Equal((StopReason.Running, StopReason.Diverged), watcher.Seen);

        Assert.Throws<InvalidOperationException>(() => Compiled().Fit(X, Y, new FitOptions { Callbacks = [watcher, new EarlyStopping { Monitor = "accuracy" }] }));
        Assert.Equal((StopReason.Running, StopReason.Failed), watcher.Seen);
    }

    private static Sequential Compiled(Optimizer? optimizer = null)
    {
        var model = new Sequential(new Lstm(7), new Dropout(0.1), new Dense(1));
        model.Compile(optimizer ?? new Adam(), Loss.MeanSquaredError);
        return model;
    }

    private static float[] Weights(Model model) => [.. model.Parameters.SelectMany(parameter => parameter.ToArray())];

    private sealed class Watcher : Callback
    {
        private StopReason _before;

        public (StopReason Before, StopReason After) Seen { get; private set; }

        public override void OnTrainingStart(TrainingContext context) => _before = context.History.Stopped;

        public override void OnTrainingEnd(TrainingContext context) => Seen = (_before, context.History.Stopped);
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

    /// <summary>The samples, the last number of which is none from some time on.</summary>
    private sealed class Spoilt(Func<bool> spoils) : ISampleSource
    {
        private readonly ArraySource _source = new(X, Y);

        public int Count => _source.Count;

        public Shape InputShape => _source.InputShape;

        public Shape TargetShape => _source.TargetShape;

        public void Read(ReadOnlySpan<int> samples, Span<float> inputs, Span<float> targets)
        {
            _source.Read(samples, inputs, targets);
            inputs[^1] = spoils() ? float.NaN : inputs[^1];
        }
    }

    private sealed class Synchronous(Action<FitProgress> report) : IProgress<FitProgress>
    {
        public FitProgress Last { get; private set; }

        public void Report(FitProgress value)
        {
            Last = value;
            report(value);
        }
    }
}
