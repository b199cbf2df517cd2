namespace Engram.Training;

/// <summary>
/// Where training samples come from: arrays in memory, windows over a long series, files. Samples are made when they are asked
/// for, so a source may be far larger than what is held in memory. Reading is safe from several threads at once.
/// </summary>
public interface ISampleSource
{
    /// <summary>Number of samples.</summary>
    int Count { get; }

    /// <summary>Shape of one sample's input, without the batch dimension: <c>[time, features]</c> for sequences.</summary>
    Shape InputShape { get; }

    /// <summary>Shape of one sample's target, without the batch dimension.</summary>
    Shape TargetShape { get; }

    /// <summary>Writes the given samples one after the other into a batch.</summary>
    /// <param name="samples">Indices of the samples, each in 0 … <see cref="Count"/> − 1, in any order.</param>
    /// <param name="inputs">Receives <c>samples.Length × InputShape.Count</c> numbers.</param>
    /// <param name="targets">Receives <c>samples.Length × TargetShape.Count</c> numbers; empty where targets are not wanted.</param>
    void Read(ReadOnlySpan<int> samples, Span<float> inputs, Span<float> targets);

    /// <summary>Whether some steps of the inputs are padding; false by default.</summary>
    bool HasMask => false;

    /// <summary>Writes which steps of the given samples are real; called only where <see cref="HasMask"/>.</summary>
    /// <param name="samples">Indices of the samples.</param>
    /// <param name="mask">Receives <c>samples.Length × time</c> truth values, where time is the first size of <see cref="InputShape"/>.</param>
    void ReadMask(ReadOnlySpan<int> samples, Span<bool> mask) => mask.Fill(true);

    /// <summary>
    /// Whether a sample begins a new sequence instead of going on from the sample one batch before; asked for only where states are
    /// carried (<see cref="FitOptions.CarryState"/>). False by default.
    /// </summary>
    /// <param name="sample">Index of the sample.</param>
    bool StartsSequence(int sample) => false;

    /// <summary>
    /// What tells these samples from others, so that a run is only resumed on the same: by default the SHA-256 of all that
    /// <see cref="Read"/> and <see cref="ReadMask"/> give. Asked for once in a training that writes checkpoints. Where reading everything
    /// would take long, or gives other numbers every time, return a text of your own.
    /// </summary>
    string Fingerprint() => SampleFingerprint.Of(this);
}
