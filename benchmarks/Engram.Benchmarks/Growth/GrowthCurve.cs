using System.Diagnostics;

namespace Engram.Benchmarks.Growth;

/// <summary>Time per training step against one size, the others held.</summary>
/// <param name="Name">What grows.</param>
/// <param name="Setting">The sizes held, in words.</param>
/// <param name="Sizes">The sizes, rising.</param>
/// <param name="Milliseconds">Time per training step at each, best of the runs.</param>
internal sealed record GrowthCurve(string Name, string Setting, IReadOnlyList<double> Sizes, IReadOnlyList<double> Milliseconds)
{
    /// <summary>The exponent p of time ≈ c · sizeᵖ: the slope of the line through the logarithms, by least squares.</summary>
    public double Exponent
    {
        get
        {
            double[] x = [.. Sizes.Select(size => Math.Log(size))], y = [.. Milliseconds.Select(time => Math.Log(time))];
            double meanX = x.Average(), meanY = y.Average();
            return x.Zip(y, (a, b) => (a - meanX) * (b - meanY)).Sum() / x.Sum(a => (a - meanX) * (a - meanX));
        }
    }

    /// <summary>Measures a training step (LSTM, its last step into Dense(1), squared error, Adam) at every size.</summary>
    /// <param name="name">What grows.</param>
    /// <param name="setting">The sizes held, in words.</param>
    /// <param name="sizes">The sizes.</param>
    /// <param name="shape">From a size to batch, steps, inputs and units.</param>
    /// <param name="device">What to compute on.</param>
    public static GrowthCurve Measure(string name, string setting, double[] sizes, Func<int, (int Batch, int Steps, int Inputs, int Units)> shape, Device device)
    {
        List<double> times = [];
        foreach (double size in sizes)
        {
            (int batch, int steps, int inputs, int units) = shape((int)size);
            times.Add(TimeOf(batch, steps, inputs, units, device));
            Console.Error.WriteLine(FormattableString.Invariant($"{name} {size}: {times[^1]:0.000} ms"));
        }
        return new GrowthCurve(name, setting, sizes, times);
    }

    private static double TimeOf(int batch, int steps, int inputs, int units, Device device)
    {
        var model = new Sequential(new Lstm(units), new Dense(1)) { Device = device };
        model.Build(new Shape(steps, inputs));
        Tensor x = Tensor.Normal(new RandomStream(1), batch, steps, inputs), y = Tensor.Normal(new RandomStream(2), batch, 1);
        var adam = new Adam();
        double best = double.PositiveInfinity;
        long begin = Stopwatch.GetTimestamp();
        for (int run = 0; run < 5 || (run < 200 && Stopwatch.GetElapsedTime(begin).TotalSeconds < 1.5); run++)
        {
            long start = Stopwatch.GetTimestamp();
            model.Run(
                pass =>
                {
                    pass.Backward(Loss.MeanSquaredError.Apply(pass, model.Forward(pass, pass.Input(x)), pass.Input(y)));
                    return 0;
                },
                training: true);
            adam.Step(model);
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        device.Backend.TrimPool();
        return best;
    }
}
