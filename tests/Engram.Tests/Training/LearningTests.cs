using Engram.Training;

namespace Engram.Tests.Training;

/// <summary>Learning is real.</summary>
public sealed class LearningTests
{
    [Fact]
    public void Eight_sequences_are_learnt_by_heart()
    {
        var model = new Sequential(new Lstm(24), new Dense(1));
        model.Compile(new Adam(0.01), Loss.MeanSquaredError);
        Tensor x = Tensor.Normal(new RandomStream(1), 8, 12, 1), y = Tensor.Normal(new RandomStream(2), 8, 1);

        History history = model.Fit(x, y, new FitOptions { Epochs = 400, BatchSize = 8 });

        Assert.InRange(history.Loss[0], 0.3, 10);
        Assert.InRange(history.Loss[^1], 0, 1e-3);
    }

    [Fact]
    public void A_noisy_sine_is_predicted_far_below_the_naive_error()
    {
        const int rows = 1200, window = 20, split = 900;
        var random = new RandomStream(3);
        float[] series = [.. Enumerable.Range(0, rows).Select(t => MathF.Sin(t * 0.3f) + 0.05f * random.Normal(t))];
        (Tensor x, Tensor y) Windows(int from, int to) => (
            Tensor.From([.. Enumerable.Range(from, to - from).SelectMany(t => series.Skip(t - window).Take(window))], to - from, window, 1),
            Tensor.From(series.AsSpan(from, to - from), to - from, 1));
        (Tensor trainX, Tensor trainY) = Windows(window, split);
        (Tensor testX, Tensor testY) = Windows(split, rows);
        var model = new Sequential(new Lstm(16), new Dense(1));
        model.Compile(new Adam(0.01), Loss.MeanSquaredError, Metric.RootMeanSquaredError);
        model.Fit(trainX, trainY, new FitOptions { Epochs = 25 });

        double rmse = model.Evaluate(testX, testY)["root_mean_squared_error"];
        double naive = Math.Sqrt(Enumerable.Range(split, rows - split).Average(t => Math.Pow(series[t] - series[t - 1], 2)));

        Assert.InRange(rmse, 0.04, naive / 2);
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("momentum")]
    [InlineData("nesterov")]
    [InlineData("adam")]
    [InlineData("adamw")]
    [InlineData("nadam")]
    [InlineData("rmsprop")]
    [InlineData("centered")]
    [InlineData("adagrad")]
    [InlineData("averaged")]
    public void Every_optimizer_lowers_the_loss(string name)
    {
        Optimizer optimizer = name switch
        {
            "sgd" => new Sgd(0.2),
            "momentum" => new Sgd(0.05, 0.9),
            "nesterov" => new Sgd(0.05, 0.9, nesterov: true),
            "adamw" => new AdamW(0.01),
            "nadam" => new Nadam(0.01),
            "rmsprop" => new RmsProp(0.01),
            "centered" => new RmsProp(0.005, momentum: 0.5, centered: true),
            "adagrad" => new Adagrad(0.1),
            "averaged" => new AveragedSgd(0.2, averageFrom: 60),
            _ => new Adam(0.01),
        };
        var model = new Sequential(new Lstm(8) { ReturnSequences = true }, new Dense(1));
        model.Compile(optimizer, Loss.Huber());
        Tensor x = Tensor.Normal(new RandomStream(1), 64, 6, 1);
        History history = model.Fit(x, x, new FitOptions { Epochs = 30, BatchSize = 16 });
        Assert.True(history.Loss[^1] < 0.2 * history.Loss[0], $"{history.Loss[0]} → {history.Loss[^1]}");
    }
}
