using Engram.Training;
using static Engram.Tests.Training.SmallTraining;

namespace Engram.Tests.Training;

/// <summary>A training goes on where its conditions are the same, and else is refused.</summary>
public sealed class ResumeConditionTests
{
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
    public void Resuming_with_another_seed_is_refused()
    {
        using var folder = new TemporaryFolder();
        Compiled().Fit(X, Y, new FitOptions { CheckpointPath = folder.File("c") });
        ArgumentException error = Assert.Throws<CheckpointMismatchException>(() => Compiled().Fit(X, Y, new FitOptions { CheckpointPath = folder.File("c"), Resume = true, Seed = 1 }));
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
        ArgumentException error = Assert.Throws<CheckpointMismatchException>(() =>
            other.Fit(x, y, new FitOptions { CheckpointPath = folder.File("c"), Resume = true, ValidationData = validation }));
        Assert.Contains(told, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resuming_without_a_checkpoint_path_is_refused() =>
        Assert.Contains("CheckpointPath", Assert.Throws<ArgumentException>(() => Compiled().Fit(X, Y, new FitOptions { Resume = true })).Message, StringComparison.Ordinal);
}
