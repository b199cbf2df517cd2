using BenchmarkDotNet.Attributes;
using Engram.Workloads;

namespace Engram.Benchmarks.Micro;

/// <summary>Matrix products with packed weights, in each width against its own peak.</summary>
public class ProductBenchmarks
{
    private MatrixProduct? _product;

    [ParamsSource(nameof(Sizes))]
    public string Size { get; set; } = "";

    [ParamsSource(nameof(Widths))]
    public int Bits { get; set; }

    [ParamsSource(nameof(ThreadCounts))]
    public int Threads { get; set; }

    public static IEnumerable<string> Sizes => MatrixProduct.Sizes.Select(size => size.ToString());

    public static IEnumerable<int> Widths => MicroBenchmarks.Widths;

    public static IEnumerable<int> ThreadCounts => Environment.ProcessorCount > 1 ? [1, 2] : [1];

    [GlobalSetup]
    public void Setup() => _product = MicroBenchmarks.Product(SizeOf(Size), Bits, Threads);

    [GlobalCleanup]
    public void Cleanup() => _product?.Dispose();

    [Benchmark]
    public void Multiply() => _product!.Run();

    internal static ProductSize SizeOf(string text) => MatrixProduct.Sizes.Single(size => size.ToString() == text);
}
