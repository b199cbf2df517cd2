namespace Engram.Tasks;

/// <summary>
/// The network of a language model, over token ids [steps]:
/// <code>
///   embedding → dropout → recurrent layers, each with dropout → dense over the vocabulary, at every step
/// </code>
/// Dropout is the same at all steps of a window (variational, Gal &amp; Ghahramani 2016). The output is a logit for each token.
/// </summary>
internal static class LanguageModelNetwork
{
    public static Sequential Make(LanguageModelOptions options, int vocabulary, Device device)
    {
        Embedding embedding = new(vocabulary, options.EmbeddingSize)
        {
            EmbeddingsInitializer = options.First(Initializer.Uniform(0.1f)),
            Dropout = options.EmbeddingDropout,
        };
        List<Layer> layers = [embedding];
        AddDropout();
        for (int i = 0; i < options.Units.Count; i++)
        {
            bool isLast = i == options.Units.Count - 1;
            layers.Add(Cells.MakeLayer(options, options.Units[i], sequences: true, options.WeightDropout, isLast ? options.ActivationPenalty : 0, isLast ? options.ChangePenalty : 0));
            AddDropout();
        }
        layers.Add(options.TieWeights ? new TiedDense(embedding) : new Dense(vocabulary) { KernelInitializer = options.First(Initializer.GlorotUniform) });
        return new Sequential(layers) { Device = device };

        void AddDropout()
        {
            if (options.Dropout > 0)
            {
                layers.Add(new Dropout(options.Dropout) { SharedOverTime = true });
            }
        }
    }
}
