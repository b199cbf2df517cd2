using System.Diagnostics;
using Engram.Training;

namespace Engram.Benchmarks.Memory;

/// <summary>
/// What training and inference hold in memory. Every measurement runs in a process of its own: what the process held before the model was made, after a small model of the
/// same kind has run, is subtracted from the most that it held meanwhile. Linux only.
/// </summary>
internal static class MemoryBenchmark
{
    private const double Mega = 1e6;

    /// <param name="arguments">Which measurements; all where there is none.</param>
    public static int Run(string[] arguments)
    {
        if (!OperatingSystem.IsLinux())
        {
            Console.Error.WriteLine("The peak of a process is read from /proc, which this system has not.");
            return 2;
        }
        string[] all = ["lm-medium", "infer-100", "infer-1000", "infer-10000", "truncated-1000", "truncated-10000", "truncated-100000", "stream-disk"];
        foreach (string name in arguments is ["--one", var only] ? [only] : arguments.Length == 0 ? all : arguments)
        {
            if (arguments is not ["--one", _])
            {
                using Process child = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. Launcher(), "memory", "--one", name]))!;
                child.WaitForExit();
                if (child.ExitCode != 0)
                {
                    return child.ExitCode;
                }
                continue;
            }
            string[] parts = name.Split('-');
            switch (parts)
            {
                case ["lm", "medium"]: TrainingStep(); break;
                case ["infer", var steps] when int.TryParse(steps, out int count): Inference(count); break;
                case ["truncated", var steps] when int.TryParse(steps, out int count): Truncated(count); break;
                case ["stream", "disk"]: StreamFromDisk(); break;
                default:
                    Console.Error.WriteLine($"{name}: no such measurement; there are {string.Join(", ", all)}.");
                    return 2;
            }
        }
        return 0;
    }

    /// <summary>
    /// The peak of a training step of lm-medium beside
    /// <code>
    ///   weights        10,000 · 650 + 2 · (4 · 650 · 1300 + 2600) + 650 · 10,000 + 10,000
    ///   gradients      as many
    ///   activations    B T · (650 embedded + 2 · (4 + 1 + 1) · 650 gates, cell and output + 10,000 logits),  B T = 20 · 35
    /// </code>
    /// </summary>
    private static void TrainingStep()
    {
        using Device device = Device.Cpu();
        const int batch = 20, steps = 35, units = 650, vocabulary = 10_000;
        Train(LanguageModel(device, 8, 50), batch: 2, steps: 3, vocabulary: 50, count: 3);
        long before = ProcessMemory.Resident;

        Sequential model = LanguageModel(device, units, vocabulary);
        model.Build(new Shape(steps));
        _ = ProcessMemory.Resident;
        ProcessMemory.ForgetPeak();
        Train(model, batch, steps, vocabulary, count: 5);
        long peak = ProcessMemory.Peak - before;

        double weights = 4.0 * model.ParameterCount, activations = 4.0 * batch * steps * (units + 2 * 6 * units + vocabulary), sum = 2 * weights + activations;
        Console.WriteLine(FormattableString.Invariant(
            $"lm-medium, a training step: peak {peak / Mega:0.0} MB; weights {weights / Mega:0.0} + gradients {weights / Mega:0.0} + activations {activations / Mega:0.0} = {sum / Mega:0.0} MB; ratio {peak / sum:0.00}"));
        GC.KeepAlive(model);
    }

    /// <summary>Inference of 8 sequences, of which the last step is wanted, by one layer and by two, where the first one's whole output is the input of the second.</summary>
    private static void Inference(int steps)
    {
        using Device device = Device.Cpu();
        const int batch = 8, units = 128, features = 4;
        Stack(device, 8, 1).Predict(Tensor.Zeros(batch, 10, features));
        Tensor x = Tensor.Zeros(batch, steps, features);
        foreach (int layers in (int[])[1, 2])
        {
            Sequential model = Stack(device, units, layers);
            model.Build(new Shape(steps, features));
            long before = ProcessMemory.Resident;
            ProcessMemory.ForgetPeak();
            for (int i = 0; i < 3; i++)
            {
                model.Predict(x);
            }
            Console.WriteLine(FormattableString.Invariant(
                $"inference, {layers} × LSTM({units}), batch {batch}, {steps} steps: {(ProcessMemory.Peak - before) / Mega:0.0} MB beyond model and input (a copy of the input has {4.0 * batch * steps * features / Mega:0.0} MB, one layer's outputs over all steps {4.0 * batch * steps * units / Mega:0.0} MB)"));
            device.Backend.TrimPool();
        }
        GC.KeepAlive(x);

        static Sequential Stack(Device device, int units, int layers) =>
            new([.. Enumerable.Range(1, layers).Select(layer => new Lstm(units) { ReturnSequences = layer < layers })]) { Device = device };
    }

    /// <summary>Training on 4 sequences of so many steps, truncated to 100 steps.</summary>
    private static void Truncated(int steps)
    {
        using Device device = Device.Cpu();
        const int batch = 4, units = 64;
        Fit(Model(device, 8), batch, 200);
        Sequential model = Model(device, units);
        model.Build(new Shape(steps, 1));
        Tensor x = Tensor.Zeros(batch, steps, 1);
        long before = ProcessMemory.Resident;
        ProcessMemory.ForgetPeak();
        model.Fit(x, x, new FitOptions { BatchSize = batch, Truncation = new TruncatedBackpropagation(100) });
        Console.WriteLine(FormattableString.Invariant(
            $"training LSTM(1→{units}), batch {batch}, truncated to 100 steps, {steps} steps: {(ProcessMemory.Peak - before) / Mega:0.0} MB (inputs and targets of the batch {8.0 * batch * steps / Mega:0.0} MB)"));

        static Sequential Model(Device device, int units)
        {
            var model = new Sequential(new Lstm(units) { ReturnSequences = true }, new Dense(1)) { Device = device };
            model.Compile(new Adam(), Loss.MeanSquaredError);
            return model;
        }

        static void Fit(Sequential model, int batch, int steps) =>
            model.Fit(Tensor.Zeros(batch, steps, 1), Tensor.Zeros(batch, steps, 1), new FitOptions { BatchSize = batch, Truncation = new TruncatedBackpropagation(100) });
    }

    /// <summary>Ten million steps from disk, truncated to 100, states carried on: the peak of the whole process, runtime and all.</summary>
    private static void StreamFromDisk()
    {
        const long steps = 10_000_001; // the last is a target only
        string path = Path.Combine(Path.GetTempPath(), $"engram-sequence-{Environment.ProcessId}.bin");
        try
        {
            WriteWave(path, steps);
            using Device device = Device.Cpu();
            using DiskSequences source = new(path, steps, strands: 20, piece: 100);
            var model = new Sequential(new Lstm(32) { ReturnSequences = true }, new Dense(1)) { Device = device };
            model.Compile(new Adam(), Loss.MeanSquaredError);
            long start = Stopwatch.GetTimestamp();
            History history = model.Fit(source, new FitOptions { BatchSize = 20, CarryState = true, Shuffle = false });
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            Console.WriteLine(FormattableString.Invariant(
                $"training LSTM(1→32) on {source.Count * 100L:#,0} steps from disk, truncated to 100: peak of the whole process {ProcessMemory.Peak / Mega:0.0} MB; {seconds:0.0} s, {source.Count * 100L / seconds / 1e6:0.00} million steps a second, loss {history.Loss[^1]:0.00000}"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <summary>A wave of two periods, with some noise.</summary>
    private static void WriteWave(string path, long steps)
    {
        var random = new RandomStream(3);
        using var writer = new BinaryWriter(new BufferedStream(File.Create(path), 1 << 16));
        for (long t = 0; t < steps; t++)
        {
            writer.Write((float)(0.6 * Math.Sin(t / 7.0) + 0.3 * Math.Sin(t / 31.0) + 0.1 * (random.Bits(t) / (double)uint.MaxValue - 0.5)));
        }
    }

    private static Sequential LanguageModel(Device device, int units, int vocabulary) =>
        new(new Embedding(vocabulary, units), new Lstm(units) { ReturnSequences = true }, new Lstm(units) { ReturnSequences = true }, new Dense(vocabulary)) { Device = device };

    private static void Train(Sequential model, int batch, int steps, int vocabulary, int count)
    {
        var random = new RandomStream(1);
        Tensor x = Tensor.From([.. Enumerable.Range(0, batch * steps).Select(i => (float)(random.Bits(i) % (uint)vocabulary))], batch, steps);
        model.Compile(new Sgd(1) { ClipNorm = 5 }, Loss.SparseCategoricalCrossEntropy());
        model.Fit(x, x, new FitOptions { Epochs = count, BatchSize = batch });
    }

    /// <summary>What stands between the program and its arguments: the assembly, where dotnet runs it.</summary>
    private static string[] Launcher() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet" ? ["exec", typeof(MemoryBenchmark).Assembly.Location] : [];
}
