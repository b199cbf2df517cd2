using Engram.Plots;

namespace Engram.Benchmarks.Growth;

/// <summary>How time grows with the length of sequences, the batch and the units: a table on standard output, and a picture whose slopes are the exponents.</summary>
internal static class GrowthBenchmark
{
    public static void Run(Device device, string picture)
    {
        GrowthCurve[] curves =
        [
            GrowthCurve.Measure("time steps", "LSTM(1→64), batch 16", [100, 300, 1000, 3000, 10_000], steps => (16, steps, 1, 64), device),
            GrowthCurve.Measure("batch", "LSTM(1→64), 100 steps", [16, 32, 64, 128, 256, 512], batch => (batch, 100, 1, 64), device),
            GrowthCurve.Measure("units", "LSTM(n→n), batch 32, 20 steps", [64, 128, 256, 512, 1024], units => (32, 20, units, units), device),
        ];
        foreach (GrowthCurve curve in curves)
        {
            Console.WriteLine($"| {curve.Name} ({curve.Setting}) | {string.Join(" | ", curve.Sizes.Select(size => FormattableString.Invariant($"{size:#,0}")))} |");
            Console.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---|", curve.Sizes.Count))}");
            Console.WriteLine($"| ms per training step | {string.Join(" | ", curve.Milliseconds.Select(time => FormattableString.Invariant($"{time:0.###}")))} |");
            Console.WriteLine();
            Console.WriteLine(FormattableString.Invariant($"time ∝ ({curve.Name})^{curve.Exponent:0.00}"));
            Console.WriteLine();
        }
        Charts.LogLog(
            [.. curves.Select(curve => new ChartCurve(
                FormattableString.Invariant($"{curve.Name}, exponent {curve.Exponent:0.00}"), [.. curve.Sizes.Select(size => size / curve.Sizes[0])], curve.Milliseconds))],
            "Time per training step", "size, as a multiple of the smallest", "milliseconds").Save(picture);
        Console.WriteLine($"Drawn to {picture}");
    }
}
