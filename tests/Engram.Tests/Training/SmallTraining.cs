using Engram.Training;

namespace Engram.Tests.Training;

/// <summary>Samples and a model with which a training takes a moment.</summary>
internal static class SmallTraining
{
    /// <summary>40 sequences of six steps.</summary>
    public static Tensor X { get; } = Tensor.Normal(new RandomStream(1), 40, 6, 2);

    /// <summary>A target for each.</summary>
    public static Tensor Y { get; } = Tensor.Normal(new RandomStream(2), 40, 1);

    /// <summary>A model that can be trained on them.</summary>
    public static Sequential Compiled(Optimizer? optimizer = null)
    {
        var model = new Sequential(new Lstm(7), new Dropout(0.1), new Dense(1));
        model.Compile(optimizer ?? new Adam(), Loss.MeanSquaredError);
        return model;
    }

    /// <summary>All weights of a model.</summary>
    public static float[] Weights(Model model) => [.. model.Parameters.SelectMany(parameter => parameter.ToArray())];

    /// <summary>One step on the sum of the outputs for an input of 1.</summary>
    public static void Step(Model model, Optimizer optimizer)
    {
        model.Run(
            pass =>
            {
                pass.Backward(pass.Sum(model.Forward(pass, pass.Input(Tensor.From([1f], 1, 1)))));
                return 0;
            },
            training: true);
        optimizer.Step(model);
    }
}

/// <summary>Is told of every batch before the next one begins.</summary>
internal sealed class Synchronous(Action<FitProgress> report) : IProgress<FitProgress>
{
    public FitProgress Last { get; private set; }

    public void Report(FitProgress value)
    {
        Last = value;
        report(value);
    }
}
