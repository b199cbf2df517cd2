using Engram.Data;
using Engram.Training;

namespace Engram.Tasks;

/// <summary>A series as a network sees it: its rows, scaled once, and the windows over them.</summary>
internal sealed class ForecastSeries
{
    private readonly float[] _scaled;

    public ForecastSeries(SeriesData data, ForecastSpec spec)
    {
        (Data, Spec) = (data, spec);
        _scaled = data.Scale(spec.Scalers);
    }

    public SeriesData Data { get; }

    public ForecastSpec Spec { get; }

    /// <summary>The windows whose targets lie in some rows and were measured.</summary>
    public SlidingWindows Windows(Range targetRows) => Spec.Windows(_scaled, targetRows, Data.SegmentStarts, Data.Filled, inputsOnly: false);

    /// <summary>Every window, whether or not its targets are known.</summary>
    public SlidingWindows AllInputs() => Spec.Windows(_scaled, Range.All, Data.SegmentStarts, default, inputsOnly: true);

    /// <summary>Windows as training samples.</summary>
    public ISampleSource Samples(SlidingWindows windows) => new TargetScaling(windows, (float)(1 / Spec.TargetScale));

    /// <summary>The network's forecasts.</summary>
    public ForecastRows Predict(Sequential model, SlidingWindows windows, CancellationToken cancellation) =>
        new(Data, Spec, windows, windows.Count == 0 ? [] : model.Predict(windows, cancellation: cancellation).ToArray());

    /// <summary>Brings targets to the size of 1.</summary>
    private sealed class TargetScaling(SlidingWindows windows, float factor) : ISampleSource
    {
        public int Count => windows.Count;

        public Shape InputShape => windows.InputShape;

        public Shape TargetShape => windows.TargetShape;

        public void Read(ReadOnlySpan<int> samples, Span<float> inputs, Span<float> targets)
        {
            windows.Read(samples, inputs, targets);
            System.Numerics.Tensors.TensorPrimitives.Multiply(targets, factor, targets);
        }

        public string Fingerprint() => FormattableString.Invariant($"{windows.Fingerprint()}, targets times {factor:R}");
    }
}
