using System.Text.Json.Serialization;
using Engram.Data;

namespace Engram.Tasks;

/// <summary>
/// How a <see cref="TextClassifier"/> is trained. The defaults are those of the textbook: the 10,000 most frequent words, the first 100 of a text, an embedding of 64,
/// an LSTM of 64 units, 10 epochs.
/// </summary>
public sealed record ClassifierOptions : TextTrainingOptions
{
    /// <summary>The defaults.</summary>
    public ClassifierOptions() => Epochs = 10;

    /// <summary>How texts become tokens; words in small letters, a vocabulary of 10,000, by default.</summary>
    public TextOptions Text { get; init; } = new() { LowerCase = true, Vocabulary = 10_000 };

    /// <summary>The tokens of a text that the network reads, 1 or more; 100 by default. Shorter texts are padded, behind a mask.</summary>
    public int Length { get; init; } = 100;

    /// <summary>Which part of a longer text is read; its beginning by default.</summary>
    public TextTruncation Truncation { get; init; } = TextTruncation.Head;

    /// <summary>Whether the recurrent layers read texts in both directions. False by default.</summary>
    public bool Bidirectional { get; init; }

    /// <summary>What becomes of the outputs of all steps; the last one alone is taken by default.</summary>
    public TextPooling Pooling { get; init; } = TextPooling.Last;

    /// <summary>Share of the words that are left out of a training step, everywhere in a text: 0, the default, to below 1.</summary>
    public double EmbeddingDropout { get; init; }

    /// <summary>Share of the tokens of a text that training leaves out, others in every epoch: 0, the default, to below 1.</summary>
    public double WordDropout { get; init; }

    /// <summary>Probability with which training exchanges a token with the next, other ones in every epoch: 0, the default, to below 1.</summary>
    public double WordSwap { get; init; }

    /// <summary>Share of the tokens of a text that training hides as unknown ones, others in every epoch: 0, the default, to below 1.</summary>
    public double WordMasking { get; init; }

    /// <summary>Share of the recurrent weights that are left out of a training step (Merity et al. 2018): 0, the default, to below 1.</summary>
    public double WeightDropout { get; init; }

    /// <summary>How classes weigh in the loss; all texts alike by default.</summary>
    public ClassWeighting ClassWeights { get; init; } = ClassWeighting.None;

    /// <summary>
    /// The model file, or the folder of a run, of a language model to begin with (Dai &amp; Le 2015): its tokens, embedding and recurrent layers are taken over, whatever
    /// <see cref="Text"/>, <see cref="TextTrainingOptions.Embedding"/>, <see cref="TrainingOptions.Units"/> and <see cref="TrainingOptions.Cell"/> say. Null, the default: none.
    /// </summary>
    public string? From { get; init; }

    /// <summary>Texts to score on, given beside; null: a share of <see cref="TrainingOptions.Test"/>, drawn from each class.</summary>
    [JsonIgnore]
    public LabelledTexts? TestTexts { get; init; }

    internal override int EmbeddingSize => Embedding ?? 64;

    internal override (string What, string File)? Start => From is null ? base.Start : ("The language model", From);

    internal override IEnumerable<string?> Files => [.. base.Files, From];

    internal override bool HasTestData => TestTexts is not null;

    internal override TrainingOptions WithFullPaths() => (ClassifierOptions)base.WithFullPaths() with { From = From is null ? null : Path.GetFullPath(From) };

    internal override TrainingOptions Comparable() => (ClassifierOptions)base.Comparable() with { From = From is null ? null : "" };

    /// <inheritdoc/>
    public override void Validate() => ClassifierOptionsCheck.Check(this);
}

/// <summary>What becomes of the outputs that a recurrent layer has at all steps of a text.</summary>
public enum TextPooling
{
    /// <summary>The last real one is taken: at the end of the text, in both directions where there are two.</summary>
    [JsonStringEnumMemberName("last")]
    Last,

    /// <summary>Their mean.</summary>
    [JsonStringEnumMemberName("mean")]
    Mean,

    /// <summary>The largest of each feature.</summary>
    [JsonStringEnumMemberName("max")]
    Max,

    /// <summary>Mean and largest side by side.</summary>
    [JsonStringEnumMemberName("mean-max")]
    MeanMax,

    /// <summary>A mean whose weights are learnt (Yang et al. 2016).</summary>
    [JsonStringEnumMemberName("attention")]
    Attention,
}

/// <summary>How the classes weigh in the loss.</summary>
public enum ClassWeighting
{
    /// <summary>Every text weighs the same.</summary>
    [JsonStringEnumMemberName("none")]
    None,

    /// <summary>Every class weighs the same: a text of class c weighs texts / (classes × texts of c).</summary>
    [JsonStringEnumMemberName("balanced")]
    Balanced,
}
