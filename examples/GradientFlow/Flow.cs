namespace Engram.Examples.GradientFlow;

/// <summary>
/// How much of the loss's gradient arrives at each step of a sequence: <c>‖∂L/∂x_t‖</c>, with a loss that depends on the last hidden state alone,
/// <c>L = w · h_T</c>.
/// </summary>
internal static class Flow
{
    public const int Steps = 200;
    private const int Batch = 16;
    private const int Features = 4;

    /// <summary>The norm at each step, over a batch of random sequences.</summary>
    public static double[] ByStep(Network network, long seed = 0)
    {
        var random = new RandomStream(seed);
        Tensor x = Tensor.Normal(random.Derive("x"), Batch, Steps, Features), w = Tensor.Normal(random.Derive("w"), Batch, Network.Units);
        Sequential model = network.Build(Steps, Features, seed);
        float[] gradient = model.Run(
            pass =>
            {
                Tensor input = pass.Input(x);
                pass.Watch(input);
                pass.Backward(pass.Sum(pass.Multiply(model.Forward(pass, input), pass.Input(w))));
                return pass.GradientToArray(input);
            },
            training: true);
        return [.. Enumerable.Range(0, Steps).Select(t => Norm(gradient, t))];
    }

    private static double Norm(float[] gradient, int step)
    {
        double sum = 0;
        for (int row = 0; row < Batch; row++)
        {
            foreach (float value in gradient.AsSpan((row * Steps + step) * Features, Features))
            {
                sum += (double)value * value;
            }
        }
        return Math.Sqrt(sum);
    }
}
