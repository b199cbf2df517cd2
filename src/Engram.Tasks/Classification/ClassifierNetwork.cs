namespace Engram.Tasks;

/// <summary>
/// The network of a classifier, over token ids [length]:
/// <code>
///   embedding → dropout → recurrent layers, each with dropout → pooling over the steps → dropout → dense
/// </code>
/// Two classes have one output, the logit of the second; more have a logit each.
/// </summary>
internal static class ClassifierNetwork
{
    /// <summary>The network as the options want it.</summary>
    /// <param name="options">The options.</param>
    /// <param name="vocabulary">Entries of the vocabulary.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="device">What it computes on.</param>
    public static Model Make(ClassifierOptions options, int vocabulary, int classes, Device device)
    {
        List<Layer> layers =
        [
            new Embedding(vocabulary, options.EmbeddingSize)
            {
                EmbeddingsInitializer = options.First(Initializer.Uniform(0.05f)),
                Dropout = options.EmbeddingDropout,
            },
        ];
        if (options.Dropout > 0)
        {
            layers.Add(new Dropout(options.Dropout) { SharedOverTime = true });
        }
        for (int i = 0; i < options.Units.Count; i++)
        {
            bool sequences = i < options.Units.Count - 1 || options.Pooling != TextPooling.Last;
            RecurrentLayer recurrent = Cells.MakeLayer(options, options.Units[i], sequences, options.WeightDropout);
            layers.Add(options.Bidirectional ? new Bidirectional(recurrent) : recurrent);
            if (options.Dropout > 0 && i < options.Units.Count - 1)
            {
                layers.Add(new Dropout(options.Dropout));
            }
        }
        List<Layer> head = options.Dropout > 0 ? [new Dropout(options.Dropout)] : [];
        head.Add(new Dense(classes == 2 ? 1 : classes) { KernelInitializer = options.First(Initializer.GlorotUniform) });
        if (options.Pooling != TextPooling.MeanMax)
        {
            Layer? pooling = options.Pooling switch
            {
                TextPooling.Mean => new GlobalMeanPooling(),
                TextPooling.Max => new GlobalMaxPooling(),
                TextPooling.Attention => AttentionPooling.Additive(Math.Max(1, options.Units[^1])),
                _ => null,
            };
            return new Sequential([.. layers, .. pooling is null ? [] : (Layer[])[pooling], .. head]) { Device = device };
        }
        Node input = Node.Input(options.Length);
        Node steps = Chain(input, layers);
        Node pooled = new Concatenate().Of(new GlobalMeanPooling().Of(steps), new GlobalMaxPooling().Of(steps));
        return new Graph([input], [Chain(pooled, head)]) { Device = device };
    }

    /// <summary>Options whose network begins as a language model's.</summary>
    /// <param name="options">The options; what they say of tokens, embedding and recurrent layers is not used.</param>
    /// <param name="start">The language model.</param>
    /// <param name="notes">Is told what options ask for in vain.</param>
    public static ClassifierOptions Options(ClassifierOptions options, LanguageModel start, List<string> notes)
    {
        ClassifierOptions defaults = new();
        IEnumerable<string> vain =
        [
            .. options.Text != defaults.Text && options.Text != start.Encoder.Options ? ["options of tokens"] : Array.Empty<string>(),
            .. options.Embedding is { } size && size != start.Options.EmbeddingSize ? ["--embedding"] : Array.Empty<string>(),
            .. !options.Units.SequenceEqual(defaults.Units) && !options.Units.SequenceEqual(start.Options.Units) ? ["--units"] : Array.Empty<string>(),
            .. options.Cell != defaults.Cell && options.Cell != start.Options.Cell ? ["--cell"] : Array.Empty<string>(),
        ];
        if (vain.Any())
        {
            notes.Add($"{options.From} brings its own tokens, embedding and recurrent layers: {string.Join(", ", vain)} had no effect.");
        }
        return options with { Text = start.Encoder.Options, Embedding = start.Options.EmbeddingSize, Units = start.Options.Units, Cell = start.Options.Cell };
    }

    /// <summary>Gives a network the weights of a language model's embedding and recurrent layers.</summary>
    public static void Begin(Model model, LanguageModel start)
    {
        foreach ((Layer from, Layer to) in Learnt(start.Model).Zip(Learnt(model)))
        {
            foreach ((Parameter learnt, Parameter own) in from.Parameters.Zip(to.Parameters))
            {
                own.Set(learnt.ToArray());
            }
        }
    }

    /// <summary>The layers that a language model has too.</summary>
    public static IEnumerable<Layer> Learnt(Model network) => network.Layers.Where(layer => layer is Embedding or RecurrentLayer);

    private static Node Chain(Node node, IEnumerable<Layer> layers) => layers.Aggregate(node, (before, layer) => layer.Of(before));
}
