using System.Globalization;

namespace Engram.Benchmarks.Memory;

/// <summary>The memory that this process holds, as Linux counts it (resident pages).</summary>
internal static class ProcessMemory
{
    /// <summary>Bytes held now, after all garbage is collected and its pages are given back.</summary>
    public static long Resident
    {
        get
        {
            for (int i = 0; i < 2; i++)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                GC.WaitForPendingFinalizers();
            }
            return Read("VmRSS:");
        }
    }

    /// <summary>The most bytes held since <see cref="ForgetPeak"/>.</summary>
    public static long Peak => Read("VmHWM:");

    public static void ForgetPeak() => File.WriteAllText("/proc/self/clear_refs", "5");

    private static long Read(string name)
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(name, StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1], CultureInfo.InvariantCulture);
    }
}
