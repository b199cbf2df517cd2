namespace Engram.Examples.GradientFlow;

/// <summary>
/// An LSTM with large recurrent weights in training, by plain gradient descent: it must tell the mean of the first ten of 200 numbers. What the
/// gradient was before it was clipped stands beside the loss.
/// </summary>
internal static class Clipping
{
    public const int TrainingSteps = 200;
    private const int Steps = 200;
    private const int Batch = 32;

    /// <summary>Trains from the same weights on the same data.</summary>
    /// <param name="clipNorm">Longest gradient, or null.</param>
    /// <param name="seed">Where weights and data are drawn from.</param>
    public static IReadOnlyList<TrainingStep> Train(double? clipNorm, long seed = 0)
    {
        var random = new RandomStream(seed);
        Tensor x = Tensor.Normal(random.Derive("x"), Batch, Steps, 1);
        float[] numbers = x.ToArray();
        Tensor y = Tensor.From([.. Enumerable.Range(0, Batch).Select(row => numbers.AsSpan(row * Steps, 10).ToArray().Average())], Batch, 1);
        Sequential model = Network.All[^1].Build(Steps, 1, seed, new Dense(1));
        var descent = new Sgd(learningRate: 0.1) { ClipNorm = clipNorm };
        List<TrainingStep> steps = [];
        for (int step = 0; step < TrainingSteps; step++)
        {
            TrainingStep taken = model.Run(
                pass =>
                {
                    Tensor loss = Loss.MeanSquaredError.Apply(pass, model.Forward(pass, pass.Input(x)), pass.Input(y));
                    pass.Backward(loss);
                    double squares = model.Parameters.Sum(parameter => pass.GradientToArray(pass.Use(parameter)).Sum(g => (double)g * g));
                    return new TrainingStep(loss.ToScalar(), Math.Sqrt(squares));
                },
                training: true);
            descent.Step(model);
            steps.Add(taken);
        }
        return steps;
    }
}

/// <summary>What a training step saw.</summary>
/// <param name="Loss">The loss before the step.</param>
/// <param name="GradientNorm">The length of the gradient, before it was clipped.</param>
internal sealed record TrainingStep(double Loss, double GradientNorm);
