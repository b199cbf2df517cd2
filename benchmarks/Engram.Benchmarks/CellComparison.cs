namespace Engram.Benchmarks;

/// <summary>
/// What every variant of a recurrent layer costs beside a plain LSTM of equal size: forward and backward of batch 64, 50 steps,
/// as many inputs as units, all in turn, best of the rounds. 1 is as fast as the LSTM, 0.5 twice as fast.
/// </summary>
internal static class CellComparison
{
    private const int Batch = 64, Steps = 50, Rounds = 30;

    public static void Run(Device device)
    {
        foreach (int units in (int[])[32, 128])
        {
            Run(device, units);
        }
    }

    private static void Run(Device device, int units)
    {
        SequenceMask half = SequenceMask.FromLengths([.. Enumerable.Range(0, Batch).Select(row => row * (Steps + 1) / Batch)], Steps);
        (string Name, RecurrentLayer Layer, SequenceMask? Mask)[] variants =
        [
            ("lstm", new Lstm(units) { ReturnSequences = true }, null),
            ("lstm, half of the steps padded", new Lstm(units) { ReturnSequences = true }, half),
            ("lstm, backwards", new Lstm(units) { ReturnSequences = true, GoBackwards = true }, null),
            ("lstm, recurrent dropout", new Lstm(units) { ReturnSequences = true, RecurrentDropout = 0.3 }, null),
            ("lstm, weight dropout", new Lstm(units) { ReturnSequences = true, WeightDropout = 0.3 }, null),
            ("lstm, zoneout", new Lstm(units) { ReturnSequences = true, Zoneout = 0.1, CellZoneout = 0.1 }, null),
            ("lstm, projection to half", new Lstm(units) { ReturnSequences = true, Projection = units / 2 }, null),
            ("lstm, peepholes", new Lstm(units) { ReturnSequences = true, Variant = LstmVariant.Peephole }, null),
            ("lstm, coupled gates", new Lstm(units) { ReturnSequences = true, Variant = LstmVariant.Coupled }, null),
            ("lstm, layer normalisation", new Lstm(units) { ReturnSequences = true, Variant = LstmVariant.LayerNorm }, null),
            ("gru", new Gru(units) { ReturnSequences = true }, null),
            ("gru, reset before", new Gru(units) { ReturnSequences = true, ResetAfter = false }, null),
            ("rnn, tanh", new SimpleRnn(units) { ReturnSequences = true }, null),
            ("rnn, ReLU", new SimpleRnn(units, Activation.ReLU) { ReturnSequences = true }, null),
        ];
        Tensor x = Tensor.Normal(new RandomStream(0), Batch, Steps, units);
        var models = new Sequential[variants.Length];
        for (int i = 0; i < variants.Length; i++)
        {
            models[i] = new Sequential(variants[i].Layer) { Device = device };
            models[i].Build(new Shape(Steps, units));
        }
        double[] train = new double[variants.Length], infer = new double[variants.Length];
        Array.Fill(train, double.PositiveInfinity);
        Array.Fill(infer, double.PositiveInfinity);
        for (int round = -5; round < Rounds; round++)
        {
            for (int i = 0; i < variants.Length; i++)
            {
                double trained = Time(models[i], x, variants[i].Mask, training: true), inferred = Time(models[i], x, variants[i].Mask, training: false);
                if (round >= 0)
                {
                    (train[i], infer[i]) = (Math.Min(train[i], trained), Math.Min(infer[i], inferred));
                }
            }
        }
        Console.WriteLine(FormattableString.Invariant($"{units + " units",-34} {"train ms",10} {"ratio",7} {"infer ms",10} {"ratio",7}"));
        for (int i = 0; i < variants.Length; i++)
        {
            Console.WriteLine(FormattableString.Invariant(
                $"{variants[i].Name,-34} {train[i],10:F3} {train[i] / train[0],7:F2} {infer[i],10:F3} {infer[i] / infer[0],7:F2}"));
        }
    }

    private static double Time(Model model, Tensor x, SequenceMask? mask, bool training)
    {
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        model.Run(
            pass =>
            {
                Tensor input = pass.Masked(pass.Input(x), mask);
                Tensor output = model.Forward(pass, input);
                if (training)
                {
                    pass.Backward(pass.Sum(output));
                }
                return 0;
            },
            training);
        return System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
