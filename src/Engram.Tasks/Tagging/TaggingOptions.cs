using System.Text.Json.Serialization;
using Engram.Data;

namespace Engram.Tasks;

/// <summary>How a <see cref="SequenceTagger"/> is trained. Every option has a default that serves most taggers.</summary>
public sealed record TaggingOptions : TextTrainingOptions
{
    /// <summary>The defaults: 100 units in each direction, half of what goes in and comes out dropped, gradients of norm 5 at most.</summary>
    public TaggingOptions() => (Units, Dropout, ClipNorm, Epochs, BatchSize, LearningRate, Patience) = ([100], 0.5, 5, 30, 16, 0.002, 8);

    /// <summary>
    /// Whether a field over the tags (<see cref="ConditionalRandomField"/>) is learnt and the best path of tags sought, which keeps the rules of the scheme; else each
    /// token gets the tag with the best score. False by default.
    /// </summary>
    public bool Crf { get; init; }

    /// <summary>
    /// The scheme that the network learns; what it says is told in that of the data. Null, the default: that of the data, with <see cref="TagScheme.Bio"/> for
    /// <see cref="TagScheme.Iob1"/>.
    /// </summary>
    public TagScheme? Scheme { get; init; }

    /// <summary>How often a word must occur to have a vector of its own, 1 or more; 2, the default: a word met once teaches what an unknown one is like.</summary>
    public int MinimumCount { get; init; } = 2;

    /// <summary>
    /// Share of the words of a sentence whose vectors are left out while training, so that letters and neighbours must tell: 0 to below 1; 0.1 by default.
    /// </summary>
    public double WordDropout { get; init; } = 0.1;

    /// <summary>How the letters of a word are read; by an LSTM in both directions by default.</summary>
    public CharacterReader Characters { get; init; } = CharacterReader.Recurrent;

    /// <summary>Units of that network, in each direction where it has two, 1 or more; 25 by default.</summary>
    public int CharacterUnits { get; init; } = 25;

    /// <summary>Whether the sentences to score on are given apart.</summary>
    [JsonIgnore]
    public bool HasTestSentences { get; init; }

    internal override int EmbeddingSize => Embedding ?? 100;

    internal override bool HasTestData => HasTestSentences;

    /// <inheritdoc/>
    public override void Validate()
    {
        TrainingOptionsCheck.Check(this);
        if (Scheme is { } scheme)
        {
            TrainingOptionsCheck.Require(scheme is TagScheme.Bio or TagScheme.Bioes, "--scheme", scheme, "must be bio or bioes.");
        }
        TextTrainingOptionsCheck.Check(this, TokenizerKind.Whitespace);
        TrainingOptionsCheck.AtLeast("--minimum-count", MinimumCount, 1);
        TrainingOptionsCheck.Share("--word-dropout", WordDropout);
        TrainingOptionsCheck.Known("--characters", Characters);
        TrainingOptionsCheck.AtLeast("--character-units", CharacterUnits, 1);
    }
}

/// <summary>How the letters of a word become features of it.</summary>
public enum CharacterReader
{
    /// <summary>They are not read.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>An LSTM in both directions, whose last outputs count (Lample et al. 2016).</summary>
    [JsonStringEnumMemberName("lstm")]
    Recurrent,

    /// <summary>A convolution over three letters, of which the largest values count (Ma &amp; Hovy 2016).</summary>
    [JsonStringEnumMemberName("convolution")]
    Convolution,
}
