using Engram.Backends;

namespace Engram.Workloads;

/// <summary>What the machine could do, and how much of that the engine reaches.</summary>
internal sealed record SpeedReport
{
    public required int Threads { get; init; }

    /// <summary>Operations per second that one core can do at most, see <see cref="FmaPeak"/>.</summary>
    public required double OneCorePeak { get; init; }

    /// <summary>The same of all threads together.</summary>
    public required double Peak { get; init; }

    /// <summary>Bytes per second that all threads together read.</summary>
    public required double Bandwidth { get; init; }

    public required IReadOnlyList<ProductResult> Products { get; init; }

    public required IReadOnlyList<PhaseResult> Phases { get; init; }

    /// <summary>In one line: is the machine at rest, what do products and workloads reach.</summary>
    public string Verdict
    {
        get
        {
            double least = Products.Min(product => product.Fraction);
            string products = FormattableString.Invariant($"matrix products reach {100 * least:0} to {100 * Products.Max(product => product.Fraction):0}% of the peak");
            if (Threads > 1 && Peak < 0.8 * Threads * OneCorePeak)
            {
                products = FormattableString.Invariant(
                    $"{Threads} threads do {Peak / OneCorePeak:0.0} times the work of one, so they share cores or the machine is busy; {products}");
            }
            if (Phases.Count == 0)
            {
                return products;
            }
            if (Phases.Count == 1)
            {
                return FormattableString.Invariant($"{products}; {Phases[0].Workload} {Phases[0].Phase} reaches {100 * Phases[0].Fraction:0.0}% of it");
            }
            PhaseResult best = Phases.MaxBy(phase => phase.Fraction)!, worst = Phases.MinBy(phase => phase.Fraction)!;
            return FormattableString.Invariant(
                $"{products}; of the workloads {best.Workload} {best.Phase} comes nearest to it ({100 * best.Fraction:0}%), {worst.Workload} {worst.Phase} stays farthest ({100 * worst.Fraction:0.0}%)");
        }
    }

    /// <summary>Measures; some seconds for the machine, some for each workload.</summary>
    /// <param name="threads">Threads, at least 1.</param>
    /// <param name="workloads">What to run.</param>
    /// <param name="tell">Is told what is measured next.</param>
    public static SpeedReport Measure(int threads, IReadOnlyList<Workload> workloads, Action<string> tell)
    {
        InstructionTier tier = CpuBackend.WidestTier;
        tell("Measuring the processor's peak");
        double oneCore = FmaPeak.Measure(tier, 1), peak = threads == 1 ? oneCore : FmaPeak.Measure(tier, threads);
        tell("Measuring the memory");
        double bandwidth = MemoryBandwidth.Measure(threads);
        tell("Measuring matrix products");
        List<ProductResult> products = [];
        foreach (ProductSize size in MatrixProduct.Sizes)
        {
            foreach ((int count, double most) in threads == 1 ? [(1, oneCore)] : new[] { (1, oneCore), (threads, peak) })
            {
                double speed = MatrixProduct.Measure(size, tier, count);
                products.Add(new ProductResult(size, count, speed, speed / most));
            }
        }
        List<PhaseResult> phases = [];
        using Device device = Device.Cpu(threads);
        foreach (Workload workload in workloads)
        {
            tell($"Running {workload.Name}");
            foreach (WorkloadPhase phase in workload.Phases(device))
            {
                phases.Add(new PhaseResult(workload.Name, phase.Name, phase.Operations, 1000 * phase.Operations / peak, phase.Measure()));
            }
        }
        return new SpeedReport { Threads = threads, OneCorePeak = oneCore, Peak = peak, Bandwidth = bandwidth, Products = products, Phases = phases };
    }
}

/// <summary>A matrix product: operations per second, and their share of the peak of as many threads.</summary>
internal sealed record ProductResult(ProductSize Size, int Threads, double Speed, double Fraction);

/// <summary>A phase of a workload.</summary>
/// <param name="Workload">Its workload.</param>
/// <param name="Phase">Its name.</param>
/// <param name="Operations">Floating-point operations of a step.</param>
/// <param name="PeakMilliseconds">What they would take at the processor's peak.</param>
/// <param name="Time">What they took.</param>
internal sealed record PhaseResult(string Workload, string Phase, double Operations, double PeakMilliseconds, PhaseTime Time)
{
    /// <summary>The share of the peak that the best step reached.</summary>
    public double Fraction => PeakMilliseconds / Time.Best;
}
