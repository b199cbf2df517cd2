using Engram.Training;

namespace Engram.Tests.Training.Callbacks;

public sealed class WeightAveragingTests
{
    private static readonly Tensor X = Tensor.Normal(new RandomStream(1), 40, 3), Y = Tensor.Normal(new RandomStream(2), 40, 1);

    [Fact]
    public void Exponential_averages_follow_every_batch()
    {
        var recorder = new Recorder();
        Sequential model = Compiled();
        model.Fit(X, Y, new FitOptions { Epochs = 3, BatchSize = 8, Callbacks = [recorder, WeightAveraging.Exponential(0.8)] });
        double average = recorder.Batches[0];
        foreach (double w in recorder.Batches.Skip(1))
        {
            average += 0.2 * (w - average);
        }
        Assert.Equal(15, recorder.Batches.Count);
        Assert.Equal(average, model.Parameters[0].ToArray()[0], 1e-6);
    }

    [Fact]
    public void Uniform_averages_take_the_ends_of_epochs()
    {
        var recorder = new Recorder();
        Sequential model = Compiled();
        model.Fit(X, Y, new FitOptions { Epochs = 5, BatchSize = 8, Callbacks = [recorder, WeightAveraging.Uniform(fromEpoch: 3)] });
        Assert.Equal((recorder.Batches[14] + recorder.Batches[19] + recorder.Batches[24]) / 3, model.Parameters[0].ToArray()[0], 1e-6);
    }

    [Fact]
    public void It_is_the_averages_that_are_measured_while_training_goes_on_from_the_weights()
    {
        var plain = new Recorder();
        var averaged = new Recorder();
        Compiled().Fit(X, Y, new FitOptions { Epochs = 4, BatchSize = 8, Callbacks = [plain] });
        Sequential model = Compiled();
        var measured = new List<double>();
        History history = model.Fit(X, Y, new FitOptions
        {
            Epochs = 4, BatchSize = 8, ValidationData = (X, Y),
            Callbacks = [averaged, WeightAveraging.Exponential(0.9), new AtEpochEnd(m => measured.Add(m.Evaluate(X, Y)["loss"]))],
        });
        Assert.Equal(plain.Batches, averaged.Batches);
        Assert.Equal(history.ValidationLoss, measured);
        Assert.Equal(history.ValidationLoss[^1], model.Evaluate(X, Y)["loss"]);
    }

    [Fact]
    public void The_averages_are_in_the_model_also_where_an_exception_ends_training_while_they_are_measured()
    {
        var recorder = new Recorder();
        Sequential model = Compiled();
        var failing = new AtEpochEnd(_ =>
        {
            if (recorder.Batches.Count == 10)
            {
                throw new InvalidOperationException("of the second epoch");
            }
        });
        var options = new FitOptions { Epochs = 3, BatchSize = 8, Callbacks = [recorder, WeightAveraging.Uniform(1), failing] };
        Assert.Throws<InvalidOperationException>(() => model.Fit(X, Y, options));
        Assert.Equal((recorder.Batches[4] + recorder.Batches[9]) / 2, model.Parameters[0].ToArray()[0], 1e-6);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_resumed_run_ends_with_the_bits_of_the_uncut_one(bool uniform)
    {
        using var folder = new TemporaryFolder();
        FitOptions Options(string name, int epochs, bool resume = false) => new()
        {
            Epochs = epochs, BatchSize = 8, ValidationData = (X, Y), CheckpointPath = folder.File(name), Resume = resume,
            Callbacks = [uniform ? WeightAveraging.Uniform(2) : WeightAveraging.Exponential(0.9), new EarlyStopping(3)],
        };
        Sequential uncut = Compiled(), resumed = Compiled();
        History expected = uncut.Fit(X, Y, Options("uncut", 6));
        Compiled().Fit(X, Y, Options("cut", 3));
        History history = resumed.Fit(X, Y, Options("cut", 6, resume: true));
        Assert.Equal(expected.ValidationLoss, history.ValidationLoss);
        Assert.Equal(uncut.Parameters[0].ToArray(), resumed.Parameters[0].ToArray());
    }

    [Fact]
    public void Averaging_starts_afresh_in_another_training_and_two_averages_are_refused()
    {
        var averaging = WeightAveraging.Uniform(1);
        Compiled().Fit(X, Y, new FitOptions { Epochs = 3, Callbacks = [averaging] });
        Sequential again = Compiled(), fresh = Compiled();
        again.Fit(X, Y, new FitOptions { Epochs = 2, Callbacks = [averaging] });
        fresh.Fit(X, Y, new FitOptions { Epochs = 2, Callbacks = [WeightAveraging.Uniform(1)] });
        Assert.Equal(fresh.Parameters[0].ToArray(), again.Parameters[0].ToArray());

        var model = new Sequential(new Dense(1));
        model.Compile(new AveragedSgd(), Loss.MeanSquaredError);
        Assert.Throws<ArgumentException>(() => model.Fit(X, Y, new FitOptions { Callbacks = [averaging] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightAveraging.Exponential(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => WeightAveraging.Uniform(0));
    }

    [Fact]
    public void What_an_earlier_training_left_stays_out_of_one_that_fails_at_its_start()
    {
        var averaging = WeightAveraging.Uniform(1);
        var stopping = new EarlyStopping(2);
        Compiled().Fit(X, Y, new FitOptions { Epochs = 3, ValidationData = (X, Y), Callbacks = [averaging, stopping] });
        Sequential model = Compiled();
        model.Build(X.Shape.WithoutFirst());
        float[] before = model.Parameters[0].ToArray();
        Assert.Throws<InvalidOperationException>(() => model.Fit(X, Y, new FitOptions { Callbacks = [new FailsAtStart(), averaging, stopping] }));
        Assert.Equal(before, model.Parameters[0].ToArray());
        Assert.False(averaging.IsAveraging);
    }

    [Fact]
    public void A_checkpoint_of_a_training_s_start_knows_nothing_of_an_earlier_one()
    {
        using var folder = new TemporaryFolder();
        string fresh = folder.File("fresh"), used = folder.File("used");
        var averaging = WeightAveraging.Uniform(1);
        var stopping = new EarlyStopping(2);
        Compiled().Fit(X, Y, new FitOptions { Epochs = 3, ValidationData = (X, Y), Callbacks = [averaging, stopping] });
        Cancelled(fresh, WeightAveraging.Uniform(1), new EarlyStopping(2));
        Cancelled(used, averaging, stopping);
        Assert.Equal(File.ReadAllBytes(fresh), File.ReadAllBytes(used));

        static void Cancelled(string path, params Callback[] callbacks) => Compiled().Fit(
            X, Y, new FitOptions { CheckpointPath = path, ValidationData = (X, Y), Callbacks = callbacks, Cancellation = new CancellationToken(canceled: true) });
    }

    private static Sequential Compiled()
    {
        var model = new Sequential(new Dense(1));
        model.Compile(new Adam(0.05), Loss.MeanSquaredError);
        return model;
    }

    private sealed class Recorder : Callback
    {
        public List<double> Batches { get; } = [];

        public override void OnBatchEnd(TrainingContext context, in FitProgress progress) => Batches.Add(context.Model.Parameters[0].ToArray()[0]);
    }

    private sealed class FailsAtStart : Callback
    {
        public override void OnTrainingStart(TrainingContext context) => throw new InvalidOperationException("at the start");
    }

    private sealed class AtEpochEnd(Action<Model> action) : Callback
    {
        public override void OnEpochEnd(TrainingContext context, EpochResult epoch) => action(context.Model);
    }
}
