using Engram.Training;

namespace Engram.Tests.Optimizers;

/// <summary>A run that is cut and resumed ends with the bits of the uncut one, whatever the optimizer remembers.</summary>
public sealed class OptimizerResumeTests
{
    private static readonly Tensor X = Tensor.Normal(new RandomStream(1), 40, 6, 2), Y = Tensor.Normal(new RandomStream(2), 40, 1);

    public static TheoryData<string> Names => new("momentum", "adamw", "nadam", "rmsprop", "adagrad", "averaged", "averaged, thawed", "non-monotone", "non-monotone, thawed");

    [Theory]
    [MemberData(nameof(Names))]
    public void A_resumed_run_ends_with_the_bits_of_the_uncut_one(string name)
    {
        using var folder = new TemporaryFolder();
        FitOptions Options(string file, int epochs, bool resume = false) => new()
        {
            Epochs = epochs, BatchSize = 8, ValidationData = (X, Y), CheckpointPath = folder.File(file), Resume = resume,
            Callbacks = name.EndsWith("thawed", StringComparison.Ordinal) ? [new GradualUnfreezing(3)] : [],
        };
        Sequential uncut = Compiled(name), cut = Compiled(name), resumed = Compiled(name);
        History expected = uncut.Fit(X, Y, Options("uncut", 8));
        cut.Fit(X, Y, Options("cut", 5));
        History history = resumed.Fit(X, Y, Options("cut", 8, resume: true));

        Assert.Equal(expected.ValidationLoss, history.ValidationLoss);
        Assert.Equal(Weights(uncut), Weights(resumed));
        if (name.StartsWith("non-monotone", StringComparison.Ordinal))
        {
            Assert.InRange(((AveragedSgd)uncut.Optimizer!).AverageFrom!.Value, 1, 5 * 5); // averaged before the cut
        }
    }

    private static Sequential Compiled(string name)
    {
        var model = new Sequential(new Lstm(5), new Dense(1));
        Optimizer optimizer = name switch
        {
            "momentum" => new Sgd(0.05, 0.9),
            "adamw" => new AdamW(0.02) { Groups = [new ParameterGroup(p => p.Role == "bias") { WeightDecay = 0 }] },
            "nadam" => new Nadam(0.02),
            "rmsprop" => new RmsProp(0.01, momentum: 0.5, centered: true),
            "adagrad" => new Adagrad(0.1),
            "averaged" or "averaged, thawed" => new AveragedSgd(0.1, averageFrom: 7),
            "non-monotone, thawed" => new AveragedSgd(0.7) { NonMonotoneInterval = 1 },
            _ => new AveragedSgd(1.5) { NonMonotoneInterval = 1 },
        };
        model.Compile(optimizer, Loss.MeanSquaredError);
        return model;
    }

    private static float[] Weights(Model model) => [.. model.Parameters.SelectMany(parameter => parameter.ToArray())];
}
