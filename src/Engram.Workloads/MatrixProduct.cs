using System.Diagnostics;
using Engram.Backends;

namespace Engram.Workloads;

/// <summary>A product [m, k] · [k, n] as layers have it: the weights at the right are packed already, once for each step of the optimizer.</summary>
internal sealed class MatrixProduct : IDisposable
{
    private readonly IBackend _backend;
    private readonly Storage _a, _c;
    private readonly PackedMatrix _b;
    private readonly int _m;

    public MatrixProduct(ProductSize size, InstructionTier tier, int threads)
    {
        _backend = CpuBackend.Create(threads, tier);
        (_m, int k, int n) = size;
        _a = Random((long)_m * k);
        _c = Random((long)_m * n);
        Storage b = Random((long)k * n);
        _b = _backend.Pack(b, k, n, transpose: false, reuse: null);
        _backend.Return(b);
    }

    /// <summary>The sizes that products are measured at: large, a step of a recurrent layer, the logits of a language model.</summary>
    public static IReadOnlyList<ProductSize> Sizes { get; } = [new(1024, 1024, 1024), new(64, 64, 256), new(400, 200, 10_000)];

    /// <summary>Operations per second of a product, the best of about 0.4 seconds.</summary>
    public static double Measure(ProductSize size, InstructionTier tier, int threads)
    {
        using var product = new MatrixProduct(size, tier, threads);
        double best = double.PositiveInfinity;
        long start = Stopwatch.GetTimestamp();
        for (int run = 0; run < 10 || Stopwatch.GetElapsedTime(start).TotalSeconds < 0.4; run++)
        {
            // The smallest takes microseconds: several to a look at the clock.
            int repeats = (int)Math.Max(1, 2e7 / size.Operations);
            long before = Stopwatch.GetTimestamp();
            for (int i = 0; i < repeats; i++)
            {
                product.Run();
            }
            best = Math.Min(best, Stopwatch.GetElapsedTime(before).TotalSeconds / repeats);
        }
        return size.Operations / best;
    }

    public void Run() => _backend.Multiply(_a, _m, _b, bias: null, _c, accumulate: false);

    public void Dispose() => _backend.Dispose();

    private Storage Random(long count)
    {
        Storage storage = _backend.Rent(count);
        _backend.Write(storage, Tensor.Normal(new RandomStream(count), (int)count).ToArray());
        return storage;
    }
}

/// <summary>Sizes of [m, k] · [k, n].</summary>
internal readonly record struct ProductSize(int M, int K, int N)
{
    public double Operations => OperationCount.Product(M, K, N);

    /// <summary>Rows × inner × columns: <c>64×64×256</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{M}×{K}×{N}");
}
