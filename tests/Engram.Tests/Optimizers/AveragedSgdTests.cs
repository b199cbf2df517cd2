using Engram.Tests.Training;
using Engram.Training;

namespace Engram.Tests.Optimizers;

public sealed class AveragedSgdTests
{
    private static readonly Tensor X = Tensor.Normal(new RandomStream(1), 40, 3), Y = Tensor.Normal(new RandomStream(2), 40, 1);

    [Fact]
    public void The_result_is_the_mean_of_the_weights_from_the_step_on()
    {
        Sequential model = Compiled(new AveragedSgd(0.05, averageFrom: 4));
        var weights = new List<float[]>();
        model.Fit(X, Y, new FitOptions { Epochs = 2, BatchSize = 8, Callbacks = [new EveryBatch(() => weights.Add(model.Parameters[0].ToArray()))] });

        Assert.Equal(10, weights.Count);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(weights.Skip(3).Average(w => w[i]), model.Parameters[0].ToArray()[i], 1e-6);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_second_training_goes_on_from_the_averages_and_averages_anew(int from)
    {
        Sequential model = Compiled(new AveragedSgd(0.05, averageFrom: from)), second = Compiled(new AveragedSgd(0.05, averageFrom: from));
        var weights = new List<float[]>();
        var options = new FitOptions { BatchSize = 8, Callbacks = [new EveryBatch(() => weights.Add(model.Parameters[0].ToArray()))] };
        model.Fit(X, Y, options);
        second.Build(new Shape(3));
        second.Parameters[0].Set(model.Parameters[0].ToArray());
        second.Parameters[1].Set(model.Parameters[1].ToArray());
        weights.Clear();
        model.Fit(X, Y, options);

        Assert.Equal(weights.Skip(from - 1).Average(w => w[0]), model.Parameters[0].ToArray()[0], 1e-6);
        second.Fit(X, Y, new FitOptions { BatchSize = 8 });
        Assert.Equal(second.Parameters[0].ToArray(), model.Parameters[0].ToArray());
    }

    [Fact]
    public void A_second_training_looks_anew_for_where_averaging_begins()
    {
        var optimizer = new AveragedSgd(0.35) { NonMonotoneInterval = 2 };
        Sequential model = Compiled(optimizer);
        model.Fit(X, Y, new FitOptions { Epochs = 25, BatchSize = 4 });
        Assert.NotNull(optimizer.AverageFrom);
        model.Fit(X, Y, new FitOptions { Epochs = 2, BatchSize = 4 });
        Assert.Null(optimizer.AverageFrom);
    }

    [Fact]
    public void Weights_without_a_gradient_are_averaged_as_they_stand()
    {
        var model = new Sequential(new Dense(1) { UseBias = false, KernelInitializer = Initializer.Of(1) });
        model.Build(new Shape(1));
        var optimizer = new AveragedSgd(0.5);
        Backward();
        optimizer.Step(model); // 0.5
        optimizer.Step(model); // no gradient: 0.5
        Backward();
        optimizer.Step(model); // 0
        optimizer.UseAverages(model);
        Assert.Equal(1.0 / 3, model.Parameters[0].ToArray()[0], 1e-6);
        optimizer.UseAverages(model);
        Assert.Equal(0, model.Parameters[0].ToArray()[0], 1e-6);

        void Backward() => model.Run(
            pass =>
            {
                pass.Backward(pass.Sum(model.Forward(pass, pass.Input(Tensor.From([1f], 1, 1)))));
                return 0;
            },
            training: true);
    }

    [Fact]
    public void A_layer_that_is_thawed_is_averaged_from_there_on()
    {
        var model = new Sequential(new Dense(2), new Dense(1));
        var optimizer = new AveragedSgd(0.05);
        model.Compile(optimizer, Loss.MeanSquaredError);
        var weights = new List<float[][]>();
        model.Fit(X, Y, new FitOptions
        {
            Epochs = 3, BatchSize = 8, Callbacks = [new GradualUnfreezing(2), new EveryBatch(() => weights.Add([.. model.Parameters.Select(parameter => parameter.ToArray())]))],
        });
        float[][] averages = [.. model.Parameters.Select(parameter => parameter.ToArray())];
        for (int i = 0; i < averages.Length; i++)
        {
            int from = i < 2 ? 10 : 0;
            Assert.All(averages[i].Index(), one => Assert.Equal(weights.Skip(from).Average(w => w[i][one.Index]), one.Item, 1e-6));
        }
        optimizer.UseAverages(model);
        Assert.Equal(weights[^1], model.Parameters.Select(parameter => parameter.ToArray()));
    }

    [Fact]
    public void Weights_that_are_thawed_between_exchanges_stay_and_those_frozen_again_count_as_they_stand()
    {
        var model = new Sequential(new Dense(1) { UseBias = false, KernelInitializer = Initializer.Of(1), IsTrainable = false }, new Dense(1) { UseBias = false, KernelInitializer = Initializer.Of(1) });
        model.Build(new Shape(1));
        var optimizer = new AveragedSgd(0.5);
        Step();
        optimizer.UseAverages(model);
        model.Layers[0].IsTrainable = true;
        optimizer.UseAverages(model);
        Assert.Equal([1, 0.5f], Weights());
        Step(); // 1 − 0.5 · 0.5, 0.5 − 0.5 · 1
        Assert.Equal([0.75f, 0], Weights());
        model.Layers[1].IsTrainable = false;
        Step();
        optimizer.UseAverages(model);
        Assert.Equal(0.75f, Weights()[0]);
        Assert.Equal(0.5 / 3, Weights()[1], 1e-6);

        float[] Weights() => SmallTraining.Weights(model);

        void Step() => SmallTraining.Step(model, optimizer);
    }

    [Fact]
    public void Non_monotone_averaging_begins_when_validation_no_longer_improves()
    {
        // Far too high a rate: the loss soon jumps about.
        var optimizer = new AveragedSgd(0.35) { NonMonotoneInterval = 2 };
        Sequential model = Compiled(optimizer);
        History history = model.Fit(X, Y, new FitOptions { Epochs = 25, BatchSize = 4, ValidationData = (X, Y) });

        // By the algorithm of the paper, on what was measured.
        IReadOnlyList<double> losses = history.ValidationLoss;
        int trigger = Enumerable.Range(0, losses.Count).First(t => t > 2 && losses[t] > losses.Take(t - 2).Min());
        Assert.Equal(10 * (trigger + 1), optimizer.AverageFrom);
        Assert.True(losses.Skip(trigger + 3).Max() < losses.Take(trigger + 1).Max());
        Assert.Equal(losses[^1], model.Evaluate(X, Y)["loss"], 1e-12);
    }

    [Fact]
    public void Early_stopping_puts_averaged_weights_back()
    {
        Sequential model = Compiled(new AveragedSgd(0.3));
        History history = model.Fit(X, Y, new FitOptions { Epochs = 12, BatchSize = 8, ValidationData = (X, Y), Callbacks = [new EarlyStopping(3)] });
        Assert.Equal(history.ValidationLoss.Min(), model.Evaluate(X, Y)["loss"], 1e-12);
    }

    private static Sequential Compiled(Optimizer optimizer)
    {
        var model = new Sequential(new Dense(1));
        model.Compile(optimizer, Loss.MeanSquaredError);
        return model;
    }

    private sealed class EveryBatch(Action action) : Callback
    {
        public override void OnBatchEnd(TrainingContext context, in FitProgress progress) => action();
    }
}
