using System.CommandLine;
using Engram.Cli.Options;
using Engram.Cli.Output;
using Engram.Workloads;

namespace Engram.Cli.Verbs;

/// <summary><c>engram bench</c>: what this machine could do, and how much of it each workload reaches.</summary>
internal sealed class Bench : Verb
{
    private readonly Argument<string[]> _workloads = new("WORKLOAD")
    {
        Description = $"{string.Join(", ", Workload.All.Select(workload => workload.Name))}. [default: all, about half a minute]",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public Bench()
        : base("bench", "Measure this machine's peak, and the fraction of it that products and workloads reach.")
    {
        _workloads.Validators.Add(result =>
        {
            foreach (string unknown in result.Tokens.Select(token => token.Value).Where(name => Workload.All.All(workload => workload.Name != name)))
            {
                result.AddError($"'{unknown}' is no workload. There are {string.Join(", ", Workload.All.Select(workload => workload.Name))}.");
            }
        });
        Add(_workloads);
    }

    public override IReadOnlyList<string> Examples => ["engram bench", "engram bench seed-regression stream-256 --threads 1 --json"];

    protected override int Run(ParseResult result, Terminal terminal)
    {
        string[] names = result.GetValue(_workloads) ?? [];
        int threads = result.GetValue(CommonOptions.Threads) ?? Environment.ProcessorCount;
        SpeedReport report = SpeedReport.Measure(
            threads, [.. Workload.All.Where(workload => names.Length == 0 || names.Contains(workload.Name))], terminal.Say);
        if (terminal.Json)
        {
            using Stream output = Console.OpenStandardOutput();
            SpeedOutput.WriteJson(output, report);
        }
        else
        {
            SpeedOutput.Print(Terminal.Results(), report);
        }
        return ExitCode.Done;
    }
}
