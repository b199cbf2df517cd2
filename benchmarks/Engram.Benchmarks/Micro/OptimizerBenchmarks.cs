using BenchmarkDotNet.Attributes;

namespace Engram.Benchmarks.Micro;

/// <summary>A step of each optimizer over a million weights, as a model takes it.</summary>
public class OptimizerBenchmarks
{
    private Device? _device;
    private Model? _model;
    private Optimizer? _optimizer;

    [ParamsSource(nameof(Names))]
    public string Optimizer { get; set; } = "";

    [ParamsSource(nameof(ThreadCounts))]
    public int Threads { get; set; }

    public static IEnumerable<string> Names => ["adam", "adamw", "nadam", "rmsprop", "adagrad", "sgd", "sgd, momentum"];

    public static IEnumerable<int> ThreadCounts => ProductBenchmarks.ThreadCounts;

    [GlobalSetup]
    public void Setup()
    {
        _device = Device.Cpu(Threads);
        _model = new Sequential(new Dense(1000)) { Device = _device };
        _model.Build(new Shape(1000));
        _optimizer = Optimizer switch
        {
            "adam" => new Adam(),
            "adamw" => new AdamW(),
            "nadam" => new Nadam(),
            "rmsprop" => new RmsProp(),
            "adagrad" => new Adagrad(),
            "sgd" => new Sgd(1e-6),
            _ => new Sgd(1e-6, momentum: 0.9),
        };
    }

    [GlobalCleanup]
    public void Cleanup() => _device?.Dispose();

    [Benchmark]
    public void Step()
    {
        foreach (Parameter parameter in _model!.Parameters)
        {
            parameter.HasGradient = true; // whatever stands there
        }
        _optimizer!.Step(_model);
    }
}
