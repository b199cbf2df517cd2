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
        timer.Time("train", () => Train(model, adam, Loss.MeanSquaredError, x, y), 30, 100);
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

    /// <summary>Embedding(10,000 × 64), LSTM(64), the last step into Dense(1), binary cross-entropy on logits, Adam over the whole table.</summary>
    public static void Sentiment(PhaseTimer timer, Device device)
    {
        Tensor x = Ids(32, 100, 10_000), y = Ids(32, 1, 2);
        var model = new Sequential(new Embedding(10_000, 64), new Lstm(64), new Dense(1)) { Device = device };
        model.Build(new Shape(100));
        var adam = new Adam();
        Loss loss = Loss.BinaryCrossEntropy();
        timer.Time("train", () => Train(model, adam, loss, x, y), 10, 40);
    }

    /// <summary>
    /// Embedding(10,000), two LSTMs, Dense(10,000) at every step of 20 sequences, cross-entropy, SGD with the gradient's norm clipped to 5.
    /// </summary>
    public static void LanguageModel(PhaseTimer timer, Device device, int units, int steps)
    {
        const int batch = 20, vocabulary = 10_000;
        Tensor x = Ids(batch, steps, vocabulary), y = Ids(batch, steps, vocabulary);
        var model = new Sequential(
            new Embedding(vocabulary, units), new Lstm(units) { ReturnSequences = true }, new Lstm(units) { ReturnSequences = true }, new Dense(vocabulary)) { Device = device };
        model.Build(new Shape(steps));
        var sgd = new Sgd(1) { ClipNorm = 5 };
        Loss loss = Loss.SparseCategoricalCrossEntropy();
        timer.Time("train", () => Train(model, sgd, loss, x, y), 2, 8);
    }

    /// <summary>LSTM(n → n), one step at a time, its state carried along.</summary>
    public static void Stream(PhaseTimer timer, Device device, int units)
    {
        const int stepsPerRun = 10;
        var model = new Sequential(new Lstm(units) { ReturnSequences = true }) { Device = device };
        model.Build(new Shape(stepsPerRun, units));
        float[] x = Tensor.Normal(new RandomStream(0), units).ToArray(), y = new float[units];
        ModelStream stream = model.Stream();
        timer.Time("step", () =>
        {
            stream.Reset();
            for (int i = 0; i < stepsPerRun; i++)
            {
                stream.Step(x, y);
            }
        }, 50, 200, stepsPerRun);
    }

    private static Tensor Ids(int batch, int steps, int vocabulary)
    {
        var random = new RandomStream(vocabulary);
        return Tensor.From([.. Enumerable.Range(0, batch * steps).Select(i => (float)(random.Bits(i) % (uint)vocabulary))], batch, steps);
    }

    private static void Train(Model model, Optimizer optimizer, Loss loss, Tensor x, Tensor y)
    {
        Step(model, x, (pass, output) => loss.Apply(pass, output, pass.Input(y)), watchInput: false);
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
