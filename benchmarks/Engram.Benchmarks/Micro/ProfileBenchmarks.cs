using BenchmarkDotNet.Attributes;

namespace Engram.Benchmarks.Micro;

/// <summary>What a span costs where nobody wants it, and where a profile is being taken.</summary>
public class ProfileBenchmarks
{
    private readonly string _name = "span";
    private Profile? _profile;

    [Params(false, true)]
    public bool Taken { get; set; }

    [GlobalSetup]
    public void Setup() => _profile = Taken ? Profile.Start() : null;

    [GlobalCleanup]
    public void Cleanup() => _profile?.Stop();

    [Benchmark]
    public void Span()
    {
        using ProfileSpan span = Profile.Measure(_name, ProfileCategory.Products);
    }
}
