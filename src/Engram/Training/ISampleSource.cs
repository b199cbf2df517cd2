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
    /// Whether samples are of different lengths, which <see cref="StepsOf"/> tells: sequences padded behind their end. Batches then have only as many steps
    /// as their longest sample, and samples of like length come together, in training, prediction and evaluation. Asked for only where
    /// <see cref="HasMask"/>; false by default. Models with a layer that needs all steps (<see cref="Reshape"/>, <see cref="Conv1D"/> without padding) get them all.
    /// </summary>
    bool HasLengths => false;

    /// <summary>Number of steps from the first to the last real one of a sample, 0 … time; all by default.</summary>
    /// <param name="sample">Index of the sample.</param>
    int StepsOf(int sample) => InputShape[0];

    /// <summary>
    /// Whether the first size of <see cref="TargetShape"/> is the time axis of the inputs, one target a step; asked for only where <see cref="HasLengths"/>,
    /// and not of sources for a <see cref="Graph"/>, which knows. False by default.
    /// </summary>
    bool HasStepTargets => false;

    /// <summary>
    /// The samples as an epoch of training sees them: of the same number, shapes and targets, but for instance with other words left out in every epoch. By default
    /// always the same. Validation, evaluation and prediction see the source itself.
    /// </summary>
    /// <param name="random">What to draw from: it depends on the seed and the epoch alone, so that a resumed run sees the same.</param>
    ISampleSource InEpoch(RandomStream random) => this;

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
