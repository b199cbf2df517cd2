using Engram.Training;

namespace Engram.Tests.Training;

public sealed class LearningRateFinderTests
{
    private static readonly Tensor X = Tensor.Normal(new RandomStream(1), 64, 4), Y = Targets();

    [Fact]
    public void The_suggestion_trains_well_and_the_curve_ends_where_the_loss_runs_away()
    {
        Sequential model = Compiled(new Sgd(123));
        LearningRateCurve curve = LearningRateFinder.Run(model, X, Y, new LearningRateFinderOptions { From = 1e-5, To = 1e3, Steps = 120, BatchSize = 16 });

        Assert.InRange(curve.Rates.Count, 20, 119);
        Assert.Equal((curve.Rates.Count, curve.Rates.Count), (curve.Losses.Count, curve.Smoothed.Count));
        Assert.Equal(1e-5, curve.Rates[0], 1e-12);
        Assert.Equal(Math.Pow(1e8, 1.0 / 119), curve.Rates[1] / curve.Rates[0], 1e-9);
        // mean squared error of standard normal inputs diverges at a rate of about 1
        Assert.InRange(curve.Suggestion!.Value, 1e-3, 0.5);
        Assert.StartsWith($"{curve.Rates.Count} rates from 1E-05 to ", curve.ToString(), StringComparison.Ordinal);
        Sequential trained = Compiled(new Sgd(curve.Suggestion.Value));
        Assert.InRange(trained.Fit(X, Y, new FitOptions { Epochs = 40, BatchSize = 16 }).Loss[^1], 0, 0.05);
    }

    [Theory]
    [InlineData("adam")]
    [InlineData("nadam")]
    [InlineData("averaged")]
    public void Model_and_optimizer_are_afterwards_as_they_were(string name)
    {
        Sequential Make() => Compiled(name switch { "adam" => new Adam(0.02), "nadam" => new Nadam(0.02), _ => new AveragedSgd(0.02) });
        Sequential plain = Make(), tried = Make();
        plain.Fit(X, Y, new FitOptions { Epochs = 2, BatchSize = 16 });
        tried.Fit(X, Y, new FitOptions { Epochs = 2, BatchSize = 16 });
        float[] before = tried.Parameters[0].ToArray();
        LearningRateFinder.Run(tried, X, Y);

        Assert.Equal(before, tried.Parameters[0].ToArray());
        Assert.Equal((plain.Optimizer!.Steps, plain.Optimizer.LearningRate), (tried.Optimizer!.Steps, tried.Optimizer.LearningRate));
        plain.Fit(X, Y, new FitOptions { Epochs = 2, BatchSize = 16, Seed = 1 });
        tried.Fit(X, Y, new FitOptions { Epochs = 2, BatchSize = 16, Seed = 1 });
        Assert.Equal(plain.Parameters[0].ToArray(), tried.Parameters[0].ToArray());
    }

    [Fact]
    public void A_loss_that_never_falls_gives_no_suggestion()
    {
        LearningRateCurve curve = LearningRateFinder.Run(Compiled(new Sgd()), X, Y, new LearningRateFinderOptions { From = 1e6, To = 1e9 });
        Assert.Null(curve.Suggestion);
        Assert.NotEmpty(curve.Rates);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Data_that_are_no_numbers_are_told_of_and_leave_all_as_it_was(bool inputs)
    {
        float[] x = X.ToArray(), y = Y.ToArray();
        (inputs ? x : y)[7] = float.NaN;
        Sequential model = Compiled(new Sgd(0.1));
        model.Build(new Shape(4));
        float[] before = model.Parameters[0].ToArray();
        TrainingDivergedException error = Assert.Throws<TrainingDivergedException>(() =>
            LearningRateFinder.Run(model, Tensor.From(x, 64, 4), Tensor.From(y, 64, 1), new() { BatchSize = 8, Seed = 2 }));
        Assert.Contains(inputs ? "the input of sample 1 is NaN" : "the target of sample 7 is NaN", error.Message, StringComparison.Ordinal);
        Assert.NotEqual(1, error.Batch);
        Assert.Equal((0.1, 0L), (model.Optimizer!.LearningRate, model.Optimizer.Steps));
        Assert.Equal(before, model.Parameters[0].ToArray());
    }

    [Fact]
    public void Impossible_options_are_refused()
    {
        Sequential model = Compiled(new Sgd());
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateFinder.Run(model, X, Y, new() { From = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateFinder.Run(model, X, Y, new() { From = 1, To = 1 }));
        Assert.Contains("options.Steps", Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateFinder.Run(model, X, Y, new() { Steps = 2 })).Message, StringComparison.Ordinal);
        Assert.Contains("options.BatchSize", Assert.Throws<ArgumentOutOfRangeException>(() => LearningRateFinder.Run(model, X, Y, new() { BatchSize = 0 })).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => LearningRateFinder.Run(new Sequential(new Dense(1)), X, Y));
    }

    private static Sequential Compiled(Optimizer optimizer)
    {
        var model = new Sequential(new Dense(1));
        model.Compile(optimizer, Loss.MeanSquaredError);
        return model;
    }

    private static Tensor Targets()
    {
        float[] x = X.ToArray();
        return Tensor.From([.. Enumerable.Range(0, 64).Select(i => x[4 * i] - 2 * x[4 * i + 1] + 0.5f * x[4 * i + 3])], 64, 1);
    }
}
