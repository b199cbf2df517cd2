using Engram.Training;
using static Engram.Tests.Training.SmallTraining;

namespace Engram.Tests.Training;

/// <summary>What is no finite number ends training, whatever it is of.</summary>
public sealed class DivergenceTests
{
    [Fact]
    public void Divergence_stops_within_a_step_and_says_what_helps()
    {
        float[] values = X.ToArray();
        values[^1] = float.NaN;
        TrainingDivergedException error = Assert.Throws<TrainingDivergedException>(() => Compiled().Fit(Tensor.From(values, 40, 6, 2), Y, new FitOptions { BatchSize = 40 }));
        Assert.Equal((1, 1), (error.Epoch, error.Batch));
        Assert.Contains("learning rate", error.Message, StringComparison.Ordinal);
    }

    public static TheoryData<string> PlacesOfInfinities => ["input", "infinite input", "target", "weights", "activation", "loss", "gradient"];

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
        if (place == "loss")
        {
            model.Parameters[^1].Set([2e25f]);
            model.Parameters[^2].Set(new float[4]);
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
            "loss" => ("the loss is Infinity: layer dense_1 (dense) puts out numbers up to 2E+25, targets are up to ", "dense_1"),
            _ => ("the gradient of dense.bias is no longer finite", (string?)"dense"),
        };
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Equal(layer, error.Layer);
        Assert.Equal((1, 1), (error.Epoch, error.Batch));
        Assert.Contains($"The last good checkpoint is kept in '{folder.File("kept")}'", error.Message, StringComparison.Ordinal);
        Assert.All(Engram.Files.SafeTensorsFile.Read(folder.File("kept")).Tensors.Values, tensor => Assert.All(tensor.ToSingleArray(), value => Assert.True(float.IsFinite(value))));
    }

    [Fact]
    public void The_weights_stay_those_before_the_batch_that_is_not_finite()
    {
        Sequential before = Compiled(), spoilt = Compiled();
        before.Fit(X, Y, new FitOptions { BatchSize = 8, Epochs = 2 });
        int reads = 0;
        TrainingDivergedException error = Assert.Throws<TrainingDivergedException>(() => spoilt.Fit(new Spoilt(() => ++reads > 10), new FitOptions { BatchSize = 8, Epochs = 9 }));
        Assert.Equal((3, 1), (error.Epoch, error.Batch));
        Assert.Equal(Weights(before), Weights(spoilt));
    }

    [Fact]
    public void The_best_weights_are_put_back_where_they_are_kept()
    {
        Sequential best = Compiled(), spoilt = Compiled();
        best.Fit(X, Y, new FitOptions { BatchSize = 8, Epochs = 2 });
        int reads = 0;
        var stopping = new EarlyStopping(9);
        TrainingDivergedException error = Assert.Throws<TrainingDivergedException>(() =>
            spoilt.Fit(new Spoilt(() => ++reads > 13), new FitOptions { BatchSize = 8, Epochs = 9, Callbacks = [stopping], ValidationData = (X, Y) }));
        Assert.Equal((3, 4, 2), (error.Epoch, error.Batch, stopping.BestEpoch));
        Assert.Equal(Weights(best), Weights(spoilt));
    }

    [Theory]
    [InlineData("input", "the loss of the validation data is NaN, in which the input of sample 1 is NaN at [2, 1]")]
    [InlineData("target", "the loss of the validation data is NaN, in which the target of sample 3 is NaN at [0]")]
    [InlineData("loss", "the loss of the validation data is Infinity, in which all numbers are finite")]
    public void Validation_data_that_give_no_number_end_the_run_and_are_named(string place, string what)
    {
        float[] x = X.ToArray(), y = Y.ToArray();
        (x[17], y[3]) = (place == "input" ? float.NaN : x[17], place == "target" ? float.NaN : place == "loss" ? 3e38f : y[3]);
        Sequential model = Compiled(), best = Compiled();
        var stopping = new EarlyStopping(9);
        var watcher = new Watcher();
        bool spoilt = false;
        TrainingDivergedException error = Assert.Throws<TrainingDivergedException>(() => model.Fit(new ArraySource(X, Y), new FitOptions
        {
            Epochs = 5, BatchSize = 8, Callbacks = [stopping, watcher],
            ValidationSource = new Switched(() => spoilt, new ArraySource(X, Y), new ArraySource(Tensor.From(x, 40, 6, 2), Tensor.From(y, 40, 1))),
            Progress = new Synchronous(progress => spoilt = progress.Epoch == 3),
        }));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Equal((3, 5, (string?)null), (error.Epoch, error.Batch, error.Layer));
        Assert.Equal(StopReason.Diverged, watcher.Seen.After);
        best.Fit(X, Y, new FitOptions { Epochs = 2, BatchSize = 8 });
        Assert.Equal(2, stopping.BestEpoch);
        Assert.Equal(Weights(best), Weights(model));
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

    private sealed class Watcher : Callback
    {
        private StopReason _before;

        public (StopReason Before, StopReason After) Seen { get; private set; }

        public override void OnTrainingStart(TrainingContext context) => _before = context.History.Stopped;

        public override void OnTrainingEnd(TrainingContext context) => Seen = (_before, context.History.Stopped);
    }

    /// <summary>One source, or another of the same shapes.</summary>
    private sealed class Switched(Func<bool> second, ArraySource one, ArraySource other) : ISampleSource
    {
        public int Count => one.Count;

        public Shape InputShape => one.InputShape;

        public Shape TargetShape => one.TargetShape;

        public void Read(ReadOnlySpan<int> samples, Span<float> inputs, Span<float> targets) => (second() ? other : one).Read(samples, inputs, targets);
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
}
