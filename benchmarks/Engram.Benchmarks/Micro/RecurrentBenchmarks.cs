using BenchmarkDotNet.Attributes;

namespace Engram.Benchmarks.Micro;

/// <summary>A recurrent layer over 32 sequences of 50 steps, as many inputs as units.</summary>
public class RecurrentBenchmarks
{
    private const int Batch = 32, Steps = 50;

    private Device? _device;
    private Model? _model;
    private Tensor _x;

    [Params("lstm", "gru", "rnn")]
    public string Cell { get; set; } = "";

    [Params(64, 256)]
    public int Units { get; set; }

    [ParamsSource(nameof(Widths))]
    public int Bits { get; set; }

    public static IEnumerable<int> Widths => MicroBenchmarks.Widths;

    [GlobalSetup]
    public void Setup()
    {
        _device = MicroBenchmarks.Device(Bits, threads: 1);
        RecurrentLayer layer = Cell switch
        {
            "lstm" => new Lstm(Units) { ReturnSequences = true },
            "gru" => new Gru(Units) { ReturnSequences = true },
            _ => new SimpleRnn(Units) { ReturnSequences = true },
        };
        _model = new Sequential(layer) { Device = _device };
        _model.Build(new Shape(Steps, Units));
        _x = Tensor.Normal(new RandomStream(0), Batch, Steps, Units);
    }

    [GlobalCleanup]
    public void Cleanup() => _device?.Dispose();

    [Benchmark]
    public int Forward() => Run(training: false);

    [Benchmark]
    public int ForwardAndBackward() => Run(training: true);

    private int Run(bool training) => _model!.Run(
        pass =>
        {
            Tensor y = _model.Forward(pass, pass.Input(_x));
            if (training)
            {
                pass.Backward(pass.Sum(y));
            }
            return 0;
        },
        training);
}
