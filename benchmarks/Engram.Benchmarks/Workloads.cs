namespace Engram.Benchmarks;

/// <summary>The workloads: forward, loss, backward and update for <c>train</c>; a call for <c>infer</c>.</summary>
internal static class Workloads
{
    /// <summary>Stacked LSTMs, the last step into Dense(1), mean squared error, Adam.</summary>
    public static void Regression(PhaseTimer timer, Device device, int batch, int steps, int[] units)
    {
        var random = new RandomStream(0);
        Tensor x = Tensor.Normal(random.Derive("x"), batch, steps, 1), y = Tensor.Normal(random.Derive("y"), batch, 1);
        Tensor one = Tensor.Normal(random.Derive("one"), 1, steps, 1);
        var model = new Sequential([.. units.Select((n, i) => (Layer)new Lstm(n) { ReturnSequences = i < units.Length - 1 }), new Dense(1)]) { Device = device };
        model.Build(new Shape(steps, 1));
        var adam = new Adam();
        timer.Time("train", () => Train(model, adam, x, y), 30, 100);
        timer.Time("infer", () => Infer(model, x), 30, 100);
        timer.Time("infer-one", () => Infer(model, one), 60, 200);
    }

    /// <summary>LSTM(512 → 512) over 64 sequences of 100 steps; gradients of weights and input.</summary>
    public static void Large(PhaseTimer timer, Device device)
    {
        Tensor x = Tensor.Normal(new RandomStream(0), 64, 100, 512);
        var model = new Sequential(new Lstm(512) { ReturnSequences = true }) { Device = device };
        model.Build(new Shape(100, 512));
        timer.Time("train", () => ForwardAndBackward(model, x), 2, 8);
        timer.Time("infer", () => Infer(model, x), 2, 8);
    }

    private static void Train(Model model, Optimizer optimizer, Tensor x, Tensor y)
    {
        Step(model, x, (pass, output) => Loss.MeanSquaredError.Apply(pass, output, y), watchInput: false);
        optimizer.Step(model);
    }

    private static void ForwardAndBackward(Model model, Tensor x) => Step(model, x, (pass, output) => pass.Sum(output), watchInput: true);

    private static void Step(Model model, Tensor x, Func<Pass, Tensor, Tensor> loss, bool watchInput) =>
        model.Run(
            pass =>
            {
                Tensor input = pass.Input(x);
                if (watchInput)
                {
                    pass.Watch(input);
                }
                pass.Backward(loss(pass, model.Forward(pass, input)));
                return 0;
            },
            training: true);

    private static void Infer(Model model, Tensor x) =>
        model.Run(
            pass =>
            {
                model.Forward(pass, pass.Input(x));
                return 0;
            });
}
