using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using Engram.Workloads;

namespace Engram.Benchmarks.Micro;

/// <summary>A column of products alone: what they compute is known, so speed can be told.</summary>
internal abstract class ProductColumn(string name, string legend) : IColumn
{
    public string Id => name;

    public string ColumnName => name;

    public string Legend => legend;

    public bool AlwaysShow => true;

    public ColumnCategory Category => ColumnCategory.Statistics;

    public int PriorityInCategory => 0;

    public bool IsNumeric => true;

    public UnitType UnitType => UnitType.Dimensionless;

    public bool IsAvailable(Summary summary) => summary.BenchmarksCases.Any(IsProduct);

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase)
    {
        if (!IsProduct(benchmarkCase) || summary[benchmarkCase]?.ResultStatistics is not { } statistics)
        {
            return "";
        }
        ProductSize size = ProductBenchmarks.SizeOf((string)benchmarkCase.Parameters[nameof(ProductBenchmarks.Size)]);
        return Text(benchmarkCase, size.Operations / statistics.Min); // operations per nanosecond: billions per second
    }

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) => GetValue(summary, benchmarkCase);

    protected abstract string Text(BenchmarkCase benchmarkCase, double gigaflops);

    private static bool IsProduct(BenchmarkCase benchmarkCase) => benchmarkCase.Descriptor.Type == typeof(ProductBenchmarks);
}

/// <summary>Billions of operations a second, of the best iteration.</summary>
internal sealed class SpeedColumn() : ProductColumn("GFLOP/s", "Billions of floating-point operations a second, best iteration")
{
    protected override string Text(BenchmarkCase benchmarkCase, double gigaflops) => FormattableString.Invariant($"{gigaflops:0.0}");
}

/// <summary>The same as a share of the peak of as many threads in vectors of the same width, which is measured here.</summary>
internal sealed class PeakColumn() : ProductColumn("of peak", "Share of the measured peak of fused multiply-adds, same width and threads")
{
    private readonly Dictionary<(int, int), double> _peaks = [];

    protected override string Text(BenchmarkCase benchmarkCase, double gigaflops)
    {
        (int bits, int threads) = ((int)benchmarkCase.Parameters[nameof(ProductBenchmarks.Bits)], (int)benchmarkCase.Parameters[nameof(ProductBenchmarks.Threads)]);
        if (!_peaks.TryGetValue((bits, threads), out double peak))
        {
            _peaks.Add((bits, threads), peak = FmaPeak.Measure(MicroBenchmarks.TierOf(bits), threads) / 1e9);
        }
        return FormattableString.Invariant($"{100 * gigaflops / peak:0.0}% of {peak:0}");
    }
}
