using Engram.Training;
using static Engram.Tests.Training.SmallTraining;

namespace Engram.Tests.Optimizers;

/// <summary>One optimizer, several models.</summary>
public sealed class SeveralModelsTests
{
    private static readonly FitOptions _options = new() { Epochs = 2, BatchSize = 8 };

    public static TheoryData<string> Names => new("momentum", "adam", "nadam", "averaged", "non-monotone");

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_of_several_models_is_trained_as_by_an_optimizer_of_its_own(string name)
    {
        Optimizer optimizer = Make(name);
        Sequential[] folds = [Compiled(optimizer), Compiled(optimizer), Compiled(optimizer)];
        foreach (Sequential fold in folds)
        {
            fold.Fit(X, Y, _options);
            Assert.Equal(10, optimizer.Steps);
        }
        Sequential alone = Compiled(Make(name));
        alone.Fit(X, Y, _options);
        Assert.All(folds, fold => Assert.Equal(Weights(alone), Weights(fold)));
    }

    [Fact]
    public void A_model_that_is_trained_again_goes_on_whatever_else_was_compiled_meanwhile()
    {
        var optimizer = new Adam();
        Sequential model = Compiled(optimizer), other = Compiled(optimizer), plain = Compiled();
        model.Fit(X, Y, _options);
        other.Compile(optimizer, Loss.Huber());
        other.Evaluate(X, Y);
        model.Fit(X, Y, _options);
        plain.Fit(X, Y, _options);
        plain.Fit(X, Y, _options);
        Assert.Equal(20, optimizer.Steps);
        Assert.Equal(Weights(plain), Weights(model));
    }

    [Fact]
    public void Groups_are_asked_anew()
    {
        var asked = new List<Parameter>();
        var optimizer = new Sgd(0.1) { Groups = [new ParameterGroup(parameter => { asked.Add(parameter); return false; })] };
        Sequential first = Compiled(optimizer), second = Compiled(optimizer);
        first.Fit(X, Y, _options);
        second.Fit(X, Y, _options);
        first.Fit(X, Y, _options);
        Assert.Equal([.. first.Parameters, .. second.Parameters, .. first.Parameters], asked);
    }

    [Fact]
    public void A_loop_of_one_s_own_may_train_two_models_in_turn()
    {
        var optimizer = new Sgd(0.1, momentum: 0.5);
        Sequential[] models = [OneWeight(), OneWeight()];
        for (int i = 0; i < 3; i++)
        {
            foreach (Sequential model in models)
            {
                Step(model, optimizer);
            }
        }
        // v = −0.1, −0.15, −0.175
        Assert.All(models, model => Assert.Equal(0.575, model.Parameters[0].ToArray()[0], 1e-6));
        Assert.Equal(6, optimizer.Steps);
    }

    [Fact]
    public void The_finder_of_learning_rates_starts_anew_as_well()
    {
        var optimizer = new Adam();
        Sequential first = Compiled(optimizer), second = Compiled(optimizer), plain = Compiled();
        first.Fit(X, Y, _options);
        LearningRateCurve curve = LearningRateFinder.Run(second, X, Y), expected = LearningRateFinder.Run(plain, X, Y);
        Assert.Equal(expected.Losses, curve.Losses);
        Assert.Equal(0, optimizer.Steps);
    }

    private static Optimizer Make(string name) => name switch
    {
        "momentum" => new Sgd(0.05, 0.9),
        "adam" => new Adam(0.02),
        "nadam" => new Nadam(0.02),
        "averaged" => new AveragedSgd(0.1, averageFrom: 4),
        _ => new AveragedSgd(0.5) { NonMonotoneInterval = 1 },
    };

    private static Sequential OneWeight()
    {
        var model = new Sequential(new Dense(1) { UseBias = false, KernelInitializer = Initializer.Of(1) });
        model.Build(new Shape(1));
        return model;
    }
}
