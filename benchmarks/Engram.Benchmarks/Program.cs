// The workloads that speed is measured on: shapes are what counts, data is random.
//   dotnet run -c Release --project benchmarks/Engram.Benchmarks -- [WORKLOAD ...] [--threads N] [--json]
// prints one line per workload and phase; times are milliseconds per training step or call. The workload «cells», run only when it is
// named, compares all recurrent layers with the plain LSTM.
using System.Globalization;
using Engram;
using Engram.Benchmarks;

var names = new List<string>();
int threads = Environment.ProcessorCount;
bool json = false;
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
        default:
            names.Add(args[i]);
            break;
    }
}

using Device device = Device.Cpu(threads);
var workloads = new Dictionary<string, Action<PhaseTimer>>
{
    ["seed-regression"] = timer => Workloads.Regression(timer, device, batch: 64, steps: 100, units: [64]),
    ["seed-stock"] = timer => Workloads.Regression(timer, device, batch: 32, steps: 60, units: [50, 50]),
    ["seed-sentiment"] = timer => Workloads.Sentiment(timer, device),
    ["lm-small"] = timer => Workloads.LanguageModel(timer, device, units: 200, steps: 20),
    ["lm-medium"] = timer => Workloads.LanguageModel(timer, device, units: 650, steps: 35),
    ["large"] = timer => Workloads.Large(timer, device),
    ["stream-64"] = timer => Workloads.Stream(timer, device, 64),
    ["stream-256"] = timer => Workloads.Stream(timer, device, 256),
    ["stream-512"] = timer => Workloads.Stream(timer, device, 512),
    ["stream-1024"] = timer => Workloads.Stream(timer, device, 1024),
};
if (names.Remove("cells"))
{
    CellComparison.Run(device);
    if (names.Count == 0)
    {
        return 0;
    }
}
foreach (string name in names.Where(name => !workloads.ContainsKey(name)))
{
    Console.Error.WriteLine($"{name}: no such workload; there are {string.Join(", ", workloads.Keys)}.");
}
foreach ((string name, Action<PhaseTimer> run) in workloads)
{
    if (names.Count == 0 || names.Contains(name))
    {
        run(new PhaseTimer(name, threads, json));
    }
}
return 0;
