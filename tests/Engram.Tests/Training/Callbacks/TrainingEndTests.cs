using Engram.Training;
using static Engram.Tests.Training.SmallTraining;

namespace Engram.Tests.Training.Callbacks;

/// <summary>Whatever fails, every callback is told of the end, and what failed first is what is thrown.</summary>
public sealed class TrainingEndTests
{
    [Theory]
    [InlineData(false, "end 1")]
    [InlineData(true, "epoch")]
    public void Every_callback_is_told_of_the_end(bool failsBefore, string thrown)
    {
        Sequential model = Compiled(new Adam(0.02));
        var told = new List<string>();
        Callback[] callbacks = [new Told(told, "0", null), new Told(told, "1", "end 1") { FailsAtEpoch = failsBefore }, new Told(told, "2", "end 2"), new Told(told, "3", null)];
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() =>
            model.Fit(X, Y, new FitOptions { Callbacks = callbacks, Schedule = LearningRateSchedule.Exponential(0.5) }));
        Assert.Equal(thrown, error.Message);
        Assert.Contains(nameof(Told), error.StackTrace, StringComparison.Ordinal);
        Assert.Equal(["0", "1", "2", "3"], told);
        Assert.Equal(0.02, model.Optimizer!.LearningRate);
    }

    private sealed class Told(List<string> told, string name, string? fails) : Callback
    {
        public bool FailsAtEpoch { get; init; }

        public override void OnEpochEnd(TrainingContext context, EpochResult epoch)
        {
            context.Model.Optimizer!.LearningRate = 0.5;
            if (FailsAtEpoch)
            {
                throw new InvalidOperationException("epoch");
            }
        }

        public override void OnTrainingEnd(TrainingContext context)
        {
            told.Add(name);
            if (fails is not null)
            {
                throw new InvalidOperationException(fails);
            }
        }
    }
}
