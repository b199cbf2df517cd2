using System.Globalization;
using Engram.Workloads;
using Spectre.Console;

namespace Engram.Cli.Output;

/// <summary>What <c>engram bench</c> has measured, for a reader and as JSON.</summary>
internal static class SpeedOutput
{
    public static void Print(IAnsiConsole console, SpeedReport report)
    {
        console.WriteLine(Invariant($"{Device.CpuInstructions}, {Quantity(report.Threads, "thread")}"));
        console.WriteLine(Invariant($"Peak (fused multiply-add): {Giga(report.OneCorePeak)} GFLOP/s on one core, {Giga(report.Peak)} on all threads. Memory: {Giga(report.Bandwidth)} GB/s."));

        Table products = Create("matrix product", "threads", "GFLOP/s", "of the peak");
        foreach (ProductResult product in report.Products)
        {
            products.AddRow(product.Size.ToString(), Invariant($"{product.Threads}"), Giga(product.Speed), Percent(product.Fraction));
        }
        console.Write(products);

        if (report.Phases.Count > 0)
        {
            Table phases = Create("workload", "MFLOP a step", "peak allows, ms", "median ms", "best ms", "of the peak");
            foreach (PhaseResult phase in report.Phases)
            {
                phases.AddRow(
                    $"{phase.Workload} {phase.Phase}", Invariant($"{phase.Operations / 1e6:0.###}"), Time(phase.PeakMilliseconds), Time(phase.Time.Median), Time(phase.Time.Best), Percent(phase.Fraction));
            }
            console.Write(phases);
        }
        console.WriteLine($"Verdict: {report.Verdict}.");
    }

    public static void WriteJson(Stream output, SpeedReport report) => JsonOutput.Write(output, json =>
    {
        json.WriteString("engram", EngramVersion.Current);
        json.WriteString("instructions", Device.CpuInstructions);
        json.WriteNumber("threads", report.Threads);
        json.WriteNumber("oneCorePeakGflops", report.OneCorePeak / 1e9);
        json.WriteNumber("peakGflops", report.Peak / 1e9);
        json.WriteNumber("memoryGBps", report.Bandwidth / 1e9);
        json.WriteStartArray("products");
        foreach (ProductResult product in report.Products)
        {
            json.WriteStartObject();
            json.WriteString("size", product.Size.ToString());
            json.WriteNumber("threads", product.Threads);
            json.WriteNumber("gflops", product.Speed / 1e9);
            json.WriteNumber("fraction", product.Fraction);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("workloads");
        foreach (PhaseResult phase in report.Phases)
        {
            json.WriteStartObject();
            json.WriteString("workload", phase.Workload);
            json.WriteString("phase", phase.Phase);
            json.WriteNumber("operations", phase.Operations);
            json.WriteNumber("peak_ms", phase.PeakMilliseconds);
            json.WriteNumber("median_ms", phase.Time.Median);
            json.WriteNumber("min_ms", phase.Time.Best);
            json.WriteNumber("fraction", phase.Fraction);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteString("verdict", report.Verdict);
    });

    private static Table Create(string first, params string[] numbers)
    {
        Table table = new() { Border = TableBorder.Simple };
        table.AddColumn(first);
        foreach (string number in numbers)
        {
            table.AddColumn(number, column => column.RightAligned());
        }
        return table;
    }

    private static string Quantity(int count, string what) => Engram.Data.Quantity.Of(count, what);

    private static string Giga(double value) => Invariant($"{value / 1e9:0.0}");

    private static string Time(double milliseconds) => Invariant($"{milliseconds:0.0000}");

    private static string Percent(double share) => Invariant($"{100 * share:0.0}%");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
