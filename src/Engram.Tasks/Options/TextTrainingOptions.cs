namespace Engram.Tasks;

/// <summary>How a network is trained that reads tokens: the embedding, which gives each token a vector, and what it begins with.</summary>
public abstract record TextTrainingOptions : TrainingOptions
{
    /// <summary>A number of epochs for <see cref="Freeze"/> that never ends.</summary>
    public const int ForEver = int.MaxValue;

    /// <summary>
    /// Numbers that stand for a token, 1 or more. Null, the default: as many as word vectors or a language model have; without these 64 for classifiers and 100 for
    /// taggers, and for language models as many as the first layer has units, for characters 64.
    /// </summary>
    public int? Embedding { get; init; }

    /// <summary>
    /// A file of pretrained word vectors in the text format of fastText and GloVe, packed with gzip or not: words of the vocabulary that it has begin with its vectors, the
    /// others at random. Its words are brought into the form of the vocabulary's. Null, the default: none.
    /// </summary>
    public string? WordVectors { get; init; }

    /// <summary>
    /// Epochs for which a layer stays as it is that begins with what was learnt elsewhere: the embedding with <see cref="WordVectors"/>; of a language model the last recurrent
    /// layer, and each layer before it so many epochs longer (Howard &amp; Ruder 2018). Layers that begin at random learn from the start. 0, the default: all do;
    /// <see cref="ForEver"/>: those learnt elsewhere never change.
    /// </summary>
    public int Freeze { get; init; }

    /// <summary>
    /// The learning rate of a layer that begins with what was learnt elsewhere, as a share of that of the next later layer, above 0: with 0.4 the last recurrent layer of a
    /// language model has 0.4 of <see cref="TrainingOptions.LearningRate"/>, the layer before it 0.16 (Howard &amp; Ruder 2018, who divide by 2.6). 1, the default: all layers
    /// have the same.
    /// </summary>
    public double LearntRate { get; init; } = 1;

    /// <summary>Numbers that stand for a token.</summary>
    internal abstract int EmbeddingSize { get; }

    /// <summary>What the network begins with that was learnt elsewhere, and its file; null where it begins at random.</summary>
    internal virtual (string What, string File)? Start => WordVectors is null ? null : ("The word vectors", WordVectors);

    /// <summary>Whether a layer begins with what was learnt elsewhere.</summary>
    internal bool BeginsLearnt => Start is not null;

    internal override IEnumerable<string?> Files => [WordVectors];

    internal override TrainingOptions WithFullPaths() => this with { WordVectors = WordVectors is null ? null : Path.GetFullPath(WordVectors) };

    internal override TrainingOptions Comparable() => (TextTrainingOptions)base.Comparable() with { WordVectors = WordVectors is null ? null : "" };
}
