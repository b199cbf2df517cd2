using Engram.Training;
using static Engram.Tests.Training.SmallTraining;

namespace Engram.Tests.Training.Callbacks;

public sealed class EarlyStoppingTests
{
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
    public void Early_stopping_on_a_value_that_is_not_measured_lists_those_that_are()
    {
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() =>
            Compiled().Fit(X, Y, new FitOptions { Callbacks = [new EarlyStopping { Monitor = "accuracy" }] }));
        Assert.Contains("loss", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_best_epoch_is_never_one_without_a_number()
    {
        var history = new History();
        history.Add(new EpochResult(1, 0, 0.1, new Dictionary<string, double> { ["loss"] = 1, ["val_loss"] = double.NaN }));
        history.Add(new EpochResult(2, 0, 0.1, new Dictionary<string, double> { ["loss"] = 1, ["val_loss"] = 2 }));
        Assert.Equal(2, history.BestEpoch);
    }
}
