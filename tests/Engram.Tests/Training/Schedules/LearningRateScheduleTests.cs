using Engram.Training;

namespace Engram.Tests.Training.Schedules;

public sealed class LearningRateScheduleTests
{
    private static readonly Tensor X = Tensor.Normal(new RandomStream(1), 40, 2), Y = Tensor.Normal(new RandomStream(2), 40, 1);

    [Fact]
    public void Step_exponential_and_halving_go_by_epochs()
    {
        Assert.Equal([1, 1, 0.5, 0.5, 0.25], Epochs("step:2:0.5", 5));
        Assert.Equal([1, 0.9, 0.9 * 0.9], Epochs("exponential:0.9", 3), Near);
        Assert.Equal([1, 1, 1, 1, 0.5, 0.25, 0.125], Epochs("halve-after:4", 7));
        Assert.Equal([0.5, 0.25], Epochs("halve-after:0", 2));
        Assert.Equal([1, 1], Epochs("constant", 2));
    }

    [Theory]
    [InlineData(-0.25)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_rate_that_is_none_ends_training_and_is_named(double rate)
    {
        var model = new Sequential(new Dense(1));
        model.Compile(new Sgd(0.125), Loss.MeanSquaredError);
        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() =>
            model.Fit(X, Y, new FitOptions { Epochs = 4, Schedule = new FromEpoch(3, rate) }));
        Assert.Contains(FormattableString.Invariant($"from epoch 3 gives the learning rate {rate} in epoch 3"), error.Message, StringComparison.Ordinal);
        Assert.Equal(0.125, model.Optimizer!.LearningRate);
        model.Fit(X, Y, new FitOptions { Epochs = 4, Schedule = new FromEpoch(3, 0) });
    }

    [Fact]
    public void Within_an_epoch_they_stay() => Assert.Equal(0.5, LearningRateSchedule.HalveAfter(1).RateAt(1, At(1.99, 3)));

    [Fact]
    public void Cosine_falls_over_all_epochs()
    {
        LearningRateSchedule cosine = LearningRateSchedule.Cosine(minimum: 0.1);
        Assert.Equal(2, cosine.RateAt(2, At(0, 10)), 1e-12);
        Assert.Equal(1.05, cosine.RateAt(2, At(5, 10)), 1e-12);
        Assert.Equal(0.1 + 0.95 * (1 + Math.Cos(Math.PI * 0.25)), cosine.RateAt(2, At(2.5, 10)), 1e-12);
        Assert.Equal(0.1, cosine.RateAt(2, At(9.99999, 10)), 1e-9);
    }

    [Fact]
    public void Cosine_restarts_with_longer_periods()
    {
        // periods 0 … 2, 2 … 6, 6 … 14
        LearningRateSchedule cosine = LearningRateSchedule.Parse("cosine:2:2");
        Assert.Equal([1, 0.5, 1, 0.5, 1, 0.5], ((double[])[0, 1, 2, 4, 6, 10]).Select(epochs => cosine.RateAt(1, At(epochs, 20))), Near);
        Assert.Equal([1, 0.5, 1, 0.5], ((double[])[0, 1.5, 3, 4.5]).Select(epochs => LearningRateSchedule.Cosine(3).RateAt(1, At(epochs, 20))), Near);
    }

    [Fact]
    public void One_cycle_rises_and_falls()
    {
        // 11 epochs of one batch: x = epoch / 10, the top at 0.3
        double[] rates = [.. Enumerable.Range(0, 11).Select(i => LearningRateSchedule.OneCycle(0.5).RateAt(99, new TrainingPosition(i, 11, 1, new History())))];
        Assert.Equal(0.02, rates[0], 1e-12);
        Assert.Equal(0.5, rates[3], 1e-12);
        Assert.Equal(0.5 / 25e4, rates[10], 1e-12);
        Assert.Equal(0.5 / 25e4 + (0.5 - 0.5 / 25e4) / 2 * (1 + Math.Cos(Math.PI * 2 / 7)), rates[5], 1e-12);
        Assert.Equal(3, rates.Index().MaxBy(item => item.Item).Index);
        Assert.Equal(99, LearningRateSchedule.OneCycle().RateAt(99, new TrainingPosition(3, 11, 1, new History())), 1e-9);
    }

    [Fact]
    public void Warm_up_rises_in_a_line_to_what_follows()
    {
        LearningRateSchedule warmUp = LearningRateSchedule.Parse("warm-up:2:halve-after:1");
        double[] rates = [.. Enumerable.Range(0, 16).Select(batch => warmUp.RateAt(8, At(batch / 4.0, 4)))];
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8, 8, 4, 4, 4, 4], rates, Near);
        // with a cosine over the rest
        Assert.Equal(0.5, LearningRateSchedule.WarmUp(2, LearningRateSchedule.Cosine()).RateAt(1, At(4, 6)), 1e-12);
    }

    [Fact]
    public void A_plateau_reduces_the_rate_and_counts_anew()
    {
        var history = new History();
        double[] losses = [5, 4, 4, 4, 3, 3, 3, 3, 3], expected = [1, 1, 1, 1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.001];
        LearningRateSchedule plateau = LearningRateSchedule.ReduceOnPlateau(patience: 2, minimum: 0.001);
        var rates = new List<double> { plateau.RateAt(1, new TrainingPosition(0, 99, 4, history)) };
        foreach ((int i, double loss) in losses.Index())
        {
            history.Add(new EpochResult(i + 1, 0, 1, new Dictionary<string, double> { ["loss"] = loss }));
            rates.Add(plateau.RateAt(1, new TrainingPosition(i + 1, 99, 4, history)));
        }
        Assert.Equal(expected, rates, Near);
        Assert.Contains("accuracy", Assert.Throws<InvalidOperationException>(() =>
            LearningRateSchedule.ReduceOnPlateau(monitor: "accuracy").RateAt(1, new TrainingPosition(0, 1, 1, history))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Training_follows_the_schedule_and_gives_the_rate_back()
    {
        Sequential model = Compiled();
        var rates = new Rates();
        History history = model.Fit(X, Y, new FitOptions { Epochs = 3, BatchSize = 20, Schedule = LearningRateSchedule.Parse("warm-up:1:halve-after:1"), Callbacks = [rates] });
        Assert.Equal([0.05, 0.1, 0.1, 0.1, 0.05, 0.05], rates.Seen, Near);
        Assert.Equal([0.1, 0.1, 0.05], history.Epochs.Select(epoch => epoch.LearningRate), Near);
        Assert.Equal(0.1, model.Optimizer!.LearningRate);
    }

    [Theory]
    [InlineData("cosine")]
    [InlineData("halve-after:2")]
    [InlineData("plateau:1:0.5")]
    [InlineData("warm-up:0.7:one-cycle:0.2")]
    public void A_resumed_run_ends_with_the_bits_of_the_uncut_one(string text)
    {
        using var folder = new TemporaryFolder();
        FitOptions Options(string file, bool resume = false, Callback? stop = null) => new()
        {
            Epochs = 6, BatchSize = 8, ValidationData = (X, Y), CheckpointPath = folder.File(file), Resume = resume,
            Schedule = LearningRateSchedule.Parse(text), Callbacks = stop is null ? [] : [stop],
        };
        Sequential uncut = Compiled(), cut = Compiled(), resumed = Compiled();
        History expected = uncut.Fit(X, Y, Options("uncut"));
        cut.Fit(X, Y, Options("cut", stop: new StopAfter(3)));
        History history = resumed.Fit(X, Y, Options("cut", resume: true));

        Assert.Equal(3, cut.Optimizer!.Steps / 5);
        Assert.Equal(expected.Loss, history.Loss);
        Assert.Equal(expected.Epochs.Select(epoch => epoch.LearningRate), history.Epochs.Select(epoch => epoch.LearningRate));
        Assert.Equal(uncut.Parameters[0].ToArray(), resumed.Parameters[0].ToArray());
        Assert.Equal(0.1, resumed.Optimizer!.LearningRate);
    }

    [Fact]
    public void Resuming_with_another_schedule_is_refused()
    {
        using var folder = new TemporaryFolder();
        Compiled().Fit(X, Y, new FitOptions { CheckpointPath = folder.File("c"), Schedule = LearningRateSchedule.Cosine() });
        ArgumentException error = Assert.Throws<CheckpointMismatchException>(() => Compiled().Fit(X, Y, new FitOptions
        {
            CheckpointPath = folder.File("c"), Resume = true, Schedule = LearningRateSchedule.HalveAfter(3),
        }));
        Assert.Contains("schedule cosine; this run has halve-after:3", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("constant", "constant")]
    [InlineData(" Step:10 ", "step:10:0.5")]
    [InlineData("EXPONENTIAL:.5", "exponential:0.5")]
    [InlineData("cosine", "cosine")]
    [InlineData("cosine:10", "cosine:10")]
    [InlineData("cosine:10:2:1e-05", "cosine:10:2:1E-05")]
    [InlineData("one-cycle", "one-cycle")]
    [InlineData("one-cycle:0.01", "one-cycle:0.01")]
    [InlineData("plateau", "plateau:10:0.1")]
    [InlineData("plateau:3:0.5:0.001:0.1", "plateau:3:0.5:0.001:0.1")]
    [InlineData("warm-up:0.5", "warm-up:0.5:constant")]
    [InlineData("warm-up:1:warm-up:2:step:3:0.1", "warm-up:1:warm-up:2:step:3:0.1")]
    public void Text_makes_a_schedule_that_tells_its_text(string text, string expected)
    {
        Assert.Equal(expected, LearningRateSchedule.Parse(text).ToString());
        Assert.Equal(expected, LearningRateSchedule.Parse(expected).ToString());
    }

    [Theory]
    [InlineData("linear", "is no schedule")]
    [InlineData("", "is no schedule")]
    [InlineData("step", "too few")]
    [InlineData("step:1:2:3", "too many")]
    [InlineData("step:1.5", "no whole number")]
    [InlineData("step:0", "epochs")]
    [InlineData("exponential:2", "above 0 and at most 1")]
    [InlineData("halve-after:-1", "epochs")]
    [InlineData("one-cycle:x", "no number")]
    [InlineData("one-cycle:0", "above 0")]
    [InlineData("cosine:0,1", "no number")]
    [InlineData("warm-up:2:nothing", "'nothing' is no schedule")]
    public void Text_that_is_none_says_what_would_do(string text, string because)
    {
        FormatException error = Assert.Throws<FormatException>(() => LearningRateSchedule.Parse(text));
        Assert.Contains(because, error.Message, StringComparison.Ordinal);
        Assert.Contains("halve-after:EPOCHS", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", error.Message, StringComparison.Ordinal);
    }

    private static bool Near(double expected, double actual) => Math.Abs(expected - actual) < 1e-12;

    private static TrainingPosition At(double done, double epochs) => new(done, epochs, 4, new History());

    private static double[] Epochs(string text, int epochs) =>
        [.. Enumerable.Range(0, epochs).Select(epoch => LearningRateSchedule.Parse(text).RateAt(1, At(epoch, epochs)))];

    private static Sequential Compiled()
    {
        var model = new Sequential(new Dense(1));
        model.Compile(new Sgd(0.1), Loss.MeanSquaredError);
        return model;
    }

    private sealed class Rates : Callback
    {
        public List<double> Seen { get; } = [];

        public override void OnBatchEnd(TrainingContext context, in FitProgress progress) => Seen.Add(context.Model.Optimizer!.LearningRate);
    }

    private sealed class StopAfter(int epochs) : Callback
    {
        public override void OnEpochEnd(TrainingContext context, EpochResult epoch)
        {
            if (epoch.Epoch == epochs)
            {
                context.Stop();
            }
        }
    }

    /// <summary>A rate that comes with an epoch.</summary>
    private sealed class FromEpoch(int epoch, double rate) : LearningRateSchedule
    {
        public override double RateAt(double initialRate, in TrainingPosition position) => position.Epoch < epoch ? initialRate : rate;

        public override string ToString() => $"from epoch {epoch}";
    }
}
