using Engram.Training;

namespace Engram.Tasks;

/// <summary>
/// The network of a tagger (Huang et al. 2015, Lample et al. 2016, Ma &amp; Hovy 2016):
/// <code>
///   word ⊕ its characters, read in both directions ⊕ features  →  dropout  →  recurrent in both directions, dropout, …  →  dense  →  field over tags
/// </code>
/// </summary>
internal static class TaggerNetwork
{
    private const int CharacterSize = 25, FeatureSize = 10, ConvolutionSize = 3;

    /// <summary>Tokens that the network is made for; it takes any number.</summary>
    private const int AnySteps = 8;

    public static Graph Make(TaggerVocabulary vocabulary, TaggingOptions options, Device device)
    {
        Node words = Node.Input(AnySteps);
        List<Node> inputs = [words];
        // Variances as after Glorot: 1 / 3 of the squared bound (Ma & Hovy 2016).
        List<Node> features = [Table(vocabulary.Words.Count, options.EmbeddingSize, options.WordDropout).Of(words)];
        if (options.Characters != CharacterReader.None)
        {
            Node characters = Node.Input(AnySteps, TaggerVocabulary.MostCharacters);
            inputs.Add(characters);
            features.Add(Spelling(vocabulary.Characters.Count, options).Of(characters));
        }
        foreach (Data.Vocabulary feature in vocabulary.Features)
        {
            Node input = Node.Input(AnySteps);
            inputs.Add(input);
            features.Add(Table(feature.Count, FeatureSize).Of(input));
        }
        Node state = Dropped(new Concatenate().Of([.. features]), options);
        foreach (int units in options.Units)
        {
            state = Dropped(new Bidirectional(Cells.MakeLayer(options, units, sequences: true)).Of(state), options);
        }
        state = new Dense(vocabulary.Tags.Count) { KernelInitializer = options.First(Initializer.GlorotUniform) }.Of(state);
        var model = new Graph(inputs, [options.Crf ? new ConditionalRandomField().Of(state) : state]) { Device = device };
        model.Build(options.Seed);
        return model;
    }

    /// <summary>What the network reads of sentences, one source for each input.</summary>
    public static ISampleSource[] Inputs(TaggerVocabulary vocabulary, TaggingOptions options, IReadOnlyList<EncodedSentence> sentences)
    {
        const int width = TaggerVocabulary.MostCharacters;
        int steps = sentences.Max(sentence => sentence.Length);
        List<ISampleSource> sources = [new SentenceSource(sentences, steps, 0, (sentence, into) => SentenceSource.Write(sentence.Words, into))];
        if (options.Characters != CharacterReader.None)
        {
            sources.Add(new SentenceSource(sentences, steps, width, (sentence, into) =>
            {
                for (int i = 0; i < sentence.Length; i++)
                {
                    SentenceSource.Write(sentence.Characters[i], into.Slice(i * width, width));
                }
            }));
        }
        for (int feature = 0; feature < vocabulary.Features.Count; feature++)
        {
            int number = feature;
            sources.Add(new SentenceSource(sentences, steps, 0, (sentence, into) => SentenceSource.Write(sentence.Features[number], into)));
        }
        return [.. sources];
    }

    private static Embedding Table(int count, int size, double dropout = 0) => new(count, size)
    {
        EmbeddingsInitializer = Initializer.Uniform(MathF.Sqrt(3f / size)), Dropout = dropout,
    };

    private static TimeDistributed Spelling(int characters, TaggingOptions options)
    {
        var table = new Embedding(characters, CharacterSize) { MaskZero = true, EmbeddingsInitializer = Initializer.Uniform(MathF.Sqrt(3f / CharacterSize)) };
        return options.Characters == CharacterReader.Convolution
            ? new TimeDistributed(table, new Conv1D(options.CharacterUnits, ConvolutionSize) { Padding = Padding.Same }, new GlobalMaxPooling())
            : new TimeDistributed(table, new Bidirectional(Cells.MakeLayer(options, options.CharacterUnits, sequences: false)));
    }

    private static Node Dropped(Node node, TaggingOptions options) => options.Dropout > 0 ? new Dropout(options.Dropout).Of(node) : node;
}
