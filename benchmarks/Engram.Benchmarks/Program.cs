// The workloads that speed is measured on: shapes are what counts, data is random.
//   dotnet run -c Release --project benchmarks/Engram.Benchmarks -- [WORKLOAD ...] [--threads N] [--json] [--profile]
// prints one line per workload and phase; times are milliseconds per training step or call. The workload «cells», run only when it is
// named, compares all recurrent layers with the plain LSTM, «repeats» texts whose ids stand more or less often. With --profile the shares of each workload go to standard error, and its spans to trace-WORKLOAD.json.
//   dotnet run -c Release --project benchmarks/Engram.Benchmarks -- micro [FILTER]
// times single kernels with BenchmarkDotNet; products are reported as a share of the peak.
//   dotnet run -c Release --project benchmarks/Engram.Benchmarks -- growth [--threads N]
// measures how time grows with steps, batch and units, and draws growth.png;
//   dotnet run -c Release --project benchmarks/Engram.Benchmarks -- memory [MEASUREMENT ...]
// what training and inference hold.
//   dotnet run -c Release --project benchmarks/Engram.Benchmarks -- text [FILE [COLUMN]]
// how fast texts are read, encoded and put into batches; COLUMN is review where it is left out.
using System.Globalization;
using Engram;
using Engram.Benchmarks;
using Engram.Workloads;

if (args is ["micro", .. var micro])
{
    Engram.Benchmarks.Micro.MicroBenchmarks.Run(micro);
    return 0;
}
if (args is ["text", .. var file])
{
    return Engram.Benchmarks.Texts.TextBenchmark.Run(file);
}
if (args is ["memory", .. var measurements])
{
    return Engram.Benchmarks.Memory.MemoryBenchmark.Run(measurements);
}

var names = new List<string>();
int threads = Environment.ProcessorCount;
bool json = false, profiles = false;
for (int i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--threads":
            if (++i == args.Length || !int.TryParse(args[i], NumberStyles.None, CultureInfo.InvariantCulture, out threads) || threads < 1)
            {
                Console.Error.WriteLine("--threads takes a number of at least 1.");
                return 2;
            }
            break;
        case "--json":
            json = true;
            break;
        case "--profile":
            profiles = true;
            break;
        default:
            names.Add(args[i]);
            break;
    }
}

bool growth = names.Remove("growth"), cells = names.Remove("cells"), repeats = names.Remove("repeats");
if (names.Find(name => Workload.All.All(workload => workload.Name != name)) is { } unknown)
{
    Console.Error.WriteLine($"{unknown}: no such workload; there are {string.Join(", ", Workload.All.Select(workload => workload.Name))}; and cells, repeats, growth, memory, micro, text.");
    return 2;
}
using Device device = Device.Cpu(threads);
if (growth)
{
    Engram.Benchmarks.Growth.GrowthBenchmark.Run(device, "growth.png");
}
if (cells)
{
    CellComparison.Run(device);
}
if (repeats)
{
    RepeatComparison.Run(device);
}
if ((growth || cells || repeats) && names.Count == 0)
{
    return 0;
}
foreach (Workload workload in Workload.All.Where(workload => names.Count == 0 || names.Contains(workload.Name)))
{
    using Profile? profile = profiles ? Profile.Start() : null;
    foreach (WorkloadPhase phase in workload.Phases(device))
    {
        PhaseTime time = phase.Measure();
        Console.WriteLine(json
            ? FormattableString.Invariant(
                $"{{\"engine\":\"engram {EngramVersion.Current}\",\"workload\":\"{workload.Name}\",\"phase\":\"{phase.Name}\",\"threads\":{threads},\"median_ms\":{time.Median:F5},\"min_ms\":{time.Best:F5}}}")
            : FormattableString.Invariant($"{workload.Name,-18} {phase.Name,-10} {threads} threads   median {time.Median,9:F4} ms   best {time.Best,9:F4} ms"));
    }
    if (profile is not null)
    {
        string trace = $"trace-{workload.Name}.json";
        profile.WriteTrace(trace);
        Console.Error.WriteLine($"{workload.Name}, every span in {trace}. {profile.Stop()}");
    }
}
return 0;
