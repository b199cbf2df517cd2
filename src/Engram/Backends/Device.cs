using Engram.Autograd;
using Engram.Backends;

namespace Engram;

/// <summary>What a model computes on. Models on one device share its worker threads and its pool of memory.</summary>
public sealed class Device : IDisposable
{
    private static readonly Lazy<Device> LazyDefault = new(() => Cpu());

    internal Device(IBackend backend)
    {
        Backend = backend;
        Passes = new PassPool(backend);
    }

    /// <summary>The processor, on all its cores, with the widest vectors it has.</summary>
    public static Device Default => LazyDefault.Value;

    /// <summary>What the device is: <c>cpu, 512-bit vectors, 2 threads</c>.</summary>
    public string Description => Backend.Description;

    /// <summary>Threads that it computes with, 1 or more.</summary>
    public int Threads => Backend.Threads;

    /// <summary>
    /// The widest vectors that this process computes with on the processor: <c>AVX-512 (512-bit lanes)</c>. A program that was compiled ahead of time for a lesser
    /// processor has no more than that one's.
    /// </summary>
    public static string CpuInstructions => CpuBackend.WidestTier.Describe();

    internal IBackend Backend { get; }

    internal PassPool Passes { get; }

    /// <summary>
    /// The processor with a chosen number of threads. Results do not depend on that number. Every device starts threads of its own, which live until it is disposed:
    /// make one and share it among models, not one for each.
    /// </summary>
    /// <param name="threads">Threads, at least 1; all cores where not given.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one thread.</exception>
    public static Device Cpu(int? threads = null) =>
        new(CpuBackend.Create(threads ?? Environment.ProcessorCount, CpuBackend.WidestTier));

    /// <summary>Ends the device's worker threads. Only for devices that no model uses any more; never for <see cref="Default"/>.</summary>
    public void Dispose() => Backend.Dispose();
}
