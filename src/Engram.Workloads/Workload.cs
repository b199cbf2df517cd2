namespace Engram.Workloads;

/// <summary>A workload that speed is measured on: shapes are what counts, data is random. Its phases are timed one after the other, as they come.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Phases">Makes model and data on a device, and the phases over them.</param>
internal sealed record Workload(string Name, Func<Device, IEnumerable<WorkloadPhase>> Phases)
{
    /// <summary>All of them, in the order in which they are run.</summary>
    public static IReadOnlyList<Workload> All { get; } =
    [
        new("seed-regression", device => Regression(device, batch: 64, steps: 100, units: [64])),
        new("seed-stock", device => Regression(device, batch: 32, steps: 60, units: [50, 50])),
        new("seed-sentiment", Sentiment),
        new("lm-small", device => LanguageModel(device, units: 200, steps: 20)),
        new("lm-medium", device => LanguageModel(device, units: 650, steps: 35)),
        new("large", Large),
        new("stream-64", device => Stream(device, 64)),
        new("stream-256", device => Stream(device, 256)),
        new("stream-512", device => Stream(device, 512)),
        new("stream-1024", device => Stream(device, 1024)),
    ];

    /// <summary>Stacked LSTMs, the last step into Dense(1), mean squared error, Adam.</summary>
    private static IEnumerable<WorkloadPhase> Regression(Device device, int batch, int steps, int[] units)
    {
        var random = new RandomStream(0);
        Tensor x = Tensor.Normal(random.Derive("x"), batch, steps, 1), y = Tensor.Normal(random.Derive("y"), batch, 1);
        Tensor one = Tensor.Normal(random.Derive("one"), 1, steps, 1);
        var model = new Sequential([.. units.Select((n, i) => (Layer)new Lstm(n) { ReturnSequences = i < units.Length - 1 }), new Dense(1)]) { Device = device };
        model.Build(new Shape(steps, 1));
        var adam = new Adam();

        double training = OperationCount.DenseTraining(batch, units[^1], 1), forward = OperationCount.Product(batch, units[^1], 1);
        for (int i = 0; i < units.Length; i++)
        {
            int inputs = i == 0 ? 1 : units[i - 1];
            training += OperationCount.LstmTraining(batch * steps, inputs, units[i], inputGradient: i > 0);
            forward += OperationCount.LstmForward(batch * steps, inputs, units[i]);
        }
        yield return new WorkloadPhase("train", () => Train(model, adam, Loss.MeanSquaredError, x, y), training, 30, 100);
        yield return new WorkloadPhase("infer", () => Infer(model, x), forward, 30, 100);
        yield return new WorkloadPhase("infer-one", () => Infer(model, one), forward / batch, 60, 200);
    }

    /// <summary>LSTM(512 → 512) over 64 sequences of 100 steps; gradients of weights and input.</summary>
    private static IEnumerable<WorkloadPhase> Large(Device device)
    {
        const int batch = 64, steps = 100, units = 512;
        Tensor x = Tensor.Normal(new RandomStream(0), batch, steps, units);
        var model = new Sequential(new Lstm(units) { ReturnSequences = true }) { Device = device };
        model.Build(new Shape(steps, units));
        yield return new WorkloadPhase(
            "train", () => ForwardAndBackward(model, x), OperationCount.LstmTraining(batch * steps, units, units, inputGradient: true), 2, 8);
        yield return new WorkloadPhase("infer", () => Infer(model, x), OperationCount.LstmForward(batch * steps, units, units), 2, 8);
    }

    /// <summary>Embedding(10,000 × 64), LSTM(64), the last step into Dense(1), binary cross-entropy on logits, Adam over the whole table.</summary>
    private static IEnumerable<WorkloadPhase> Sentiment(Device device)
    {
        const int batch = 32, steps = 100, units = 64;
        Tensor x = Ids(batch, steps, 10_000), y = Ids(batch, 1, 2);
        var model = new Sequential(new Embedding(10_000, units), new Lstm(units), new Dense(1)) { Device = device };
        model.Build(new Shape(steps));
        var adam = new Adam();
        Loss loss = Loss.BinaryCrossEntropy();
        yield return new WorkloadPhase(
            "train", () => Train(model, adam, loss, x, y),
            OperationCount.LstmTraining(batch * steps, units, units, inputGradient: true) + OperationCount.DenseTraining(batch, units, 1), 10, 40);
    }

    /// <summary>
    /// Embedding(10,000), two LSTMs, Dense(10,000) at every step of 20 sequences, cross-entropy, SGD with the gradient's norm clipped to 5.
    /// </summary>
    private static IEnumerable<WorkloadPhase> LanguageModel(Device device, int units, int steps)
    {
        const int batch = 20, vocabulary = 10_000;
        Tensor x = Ids(batch, steps, vocabulary), y = Ids(batch, steps, vocabulary);
        var model = new Sequential(
            new Embedding(vocabulary, units), new Lstm(units) { ReturnSequences = true }, new Lstm(units) { ReturnSequences = true }, new Dense(vocabulary)) { Device = device };
        model.Build(new Shape(steps));
        var sgd = new Sgd(1) { ClipNorm = 5 };
        Loss loss = Loss.SparseCategoricalCrossEntropy();
        yield return new WorkloadPhase(
            "train", () => Train(model, sgd, loss, x, y),
            2 * OperationCount.LstmTraining(batch * steps, units, units, inputGradient: true) + OperationCount.DenseTraining(batch * steps, units, vocabulary), 2, 8);
    }

    /// <summary>LSTM(n → n), one step at a time, its state carried along.</summary>
    private static IEnumerable<WorkloadPhase> Stream(Device device, int units)
    {
        const int stepsPerRun = 10;
        var model = new Sequential(new Lstm(units) { ReturnSequences = true }) { Device = device };
        model.Build(new Shape(stepsPerRun, units));
        float[] x = Tensor.Normal(new RandomStream(0), units).ToArray(), y = new float[units];
        ModelStream stream = model.Stream();
        yield return new WorkloadPhase("step", () =>
        {
            stream.Reset();
            for (int i = 0; i < stepsPerRun; i++)
            {
                stream.Step(x, y);
            }
        }, OperationCount.LstmForward(1, units, units), 50, 200, stepsPerRun);
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
