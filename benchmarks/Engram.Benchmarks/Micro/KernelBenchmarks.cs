using BenchmarkDotNet.Attributes;
using Engram.Backends;

namespace Engram.Benchmarks.Micro;

/// <summary>The other kernels, each over 65,536 numbers (256 rows of 256) on one thread.</summary>
public class KernelBenchmarks
{
    private const int Rows = 256, Columns = 256, Count = Rows * Columns;

    private readonly int[] _ids = [.. Enumerable.Range(0, Rows).Select(i => i * 7 % Rows)];
    private readonly int[] _samples = [.. Enumerable.Range(0, Rows)];
    private readonly LossSpec _crossEntropy = new(LossKind.SparseCrossEntropy) { Target = TargetForm.ClassId };
    private readonly LossSpec _squared = new(LossKind.MeanSquared);
    private IBackend? _backend;
    private Storage? _x, _y, _z, _classes;
    private PackedMatrix? _packed;

    [ParamsSource(nameof(Widths))]
    public int Bits { get; set; }

    public static IEnumerable<int> Widths => MicroBenchmarks.Widths;

    [GlobalSetup]
    public void Setup()
    {
        _backend = MicroBenchmarks.Backend(Bits, threads: 1);
        (_x, _y, _z, _classes) = (
            MicroBenchmarks.Random(_backend, Count), MicroBenchmarks.Random(_backend, Count), MicroBenchmarks.Random(_backend, Count), _backend.Rent(Rows));
        _backend.Write(_classes, [.. _ids.Select(id => (float)id)]);
        _packed = _backend.Pack(_x, Rows, Columns, transpose: false, reuse: null);
    }

    [GlobalCleanup]
    public void Cleanup() => _backend?.Dispose();

    [Benchmark]
    public void Sigmoid() => _backend!.Activate(Activation.Sigmoid, _x!, _y!, Count);

    [Benchmark]
    public void Tanh() => _backend!.Activate(Activation.Tanh, _x!, _y!, Count);

    [Benchmark]
    public void TanhBackward() => _backend!.ActivateBackward(Activation.Tanh, _x!, _y!, _z!, Count, accumulate: false);

    [Benchmark]
    public void Softmax() => _backend!.Softmax(_x!, _y!, Rows, Columns);

    [Benchmark]
    public void Add() => _backend!.Add(_x!, _y!, _z!, Count);

    [Benchmark]
    public void Multiply() => _backend!.Multiply(_x!, _y!, _z!, Count, accumulate: false);

    [Benchmark]
    public double SumOfSquares() => _backend!.SumOfSquares(_x!, Count);

    [Benchmark]
    public void SumRows() => _backend!.SumRows(_x!, Rows, Columns, _z!, accumulate: false);

    [Benchmark]
    public void Pack() => _backend!.Pack(_x!, Rows, Columns, transpose: false, _packed);

    [Benchmark]
    public void PackTransposed() => _backend!.Pack(_x!, Rows, Columns, transpose: true, _packed);

    [Benchmark]
    public void GradientOfWeights() => _backend!.MultiplyTransposed(_x!, _y!, Rows, Columns, Columns, new GradientTarget(_z!, Accumulate: false));

    [Benchmark]
    public void GatherRows() => _backend!.GatherRows(_x!, Columns, _ids, _y!);

    [Benchmark]
    public void ScatterRows() => _backend!.ScatterRows(_x!, Columns, _ids, _z!);

    [Benchmark]
    public void DropoutMask() => _backend!.RandomMask(new RandomStream(1), _samples, Columns, 0.5, 0, 2, _z!);

    [Benchmark]
    public double CrossEntropyAndSlope() => _backend!.Loss(_crossEntropy, new LossArguments(_x!, _classes!, Rows, Columns, 1, [], _z!));

    [Benchmark]
    public double SquaredErrorAndSlope() => _backend!.Loss(_squared, new LossArguments(_x!, _y!, Rows, Columns, Columns, [], _z!));
}
