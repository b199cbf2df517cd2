using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using Engram.Backends;
using Engram.Workloads;

namespace Engram.Benchmarks.Micro;

/// <summary>
/// Single kernels, timed by BenchmarkDotNet in this process: hot kernels are compiled at once and the same everywhere, so a process for each would only take time.
/// </summary>
internal static class MicroBenchmarks
{
    /// <param name="arguments">A filter such as <c>*Product*</c>, or any option of BenchmarkDotNet; all where there is none.</param>
    public static void Run(string[] arguments)
    {
        Job job = Job.Default.WithToolchain(InProcessNoEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(10);
        IConfig config = ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddLogger(ConsoleLogger.Default)
            .AddColumnProvider(DefaultColumnProviders.Descriptor, DefaultColumnProviders.Params)
            .AddColumn(StatisticColumn.Mean, StatisticColumn.Min, StatisticColumn.StdDev, new SpeedColumn(), new PeakColumn());
        string[] given = arguments switch
        {
            [] => ["--filter", "*"],
            [var filter] when !filter.StartsWith('-') => ["--filter", filter.Contains('*', StringComparison.Ordinal) ? filter : $"*{filter}*"],
            _ => arguments,
        };
        BenchmarkSwitcher.FromAssembly(typeof(MicroBenchmarks).Assembly).Run(given, config);
    }

    /// <summary>A backend of a width in bits; 0 for one number at a time.</summary>
    public static IBackend Backend(int bits, int threads) => CpuBackend.Create(threads, TierOf(bits));

    public static Device Device(int bits, int threads) => new(Backend(bits, threads));

    public static MatrixProduct Product(ProductSize size, int bits, int threads) => new(size, TierOf(bits), threads);

    public static InstructionTier TierOf(int bits) => bits switch
    {
        512 => InstructionTier.Vector512,
        256 => InstructionTier.Vector256,
        128 => InstructionTier.Vector128,
        _ => InstructionTier.Scalar,
    };

    /// <summary>512 and 256, as far as this processor has them; 128 where it has neither.</summary>
    public static IEnumerable<int> Widths => CpuBackend.WidestTier switch
    {
        InstructionTier.Vector512 => [512, 256],
        InstructionTier.Vector256 => [256],
        InstructionTier.Vector128 => [128],
        _ => [0],
    };

    /// <summary>Numbers of a normal distribution in a backend's memory.</summary>
    public static Storage Random(IBackend backend, int count)
    {
        Storage storage = backend.Rent(count);
        backend.Write(storage, Tensor.Normal(new RandomStream(count), count).ToArray());
        return storage;
    }
}
