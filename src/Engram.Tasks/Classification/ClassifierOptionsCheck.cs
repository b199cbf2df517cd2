using static Engram.Tasks.TrainingOptionsCheck;

namespace Engram.Tasks;

/// <summary>The ranges of <see cref="ClassifierOptions"/>.</summary>
internal static class ClassifierOptionsCheck
{
    public static void Check(ClassifierOptions options)
    {
        TextOptionsCheck.Check(options.Text);
        AtLeast("--length", options.Length, 1);
        Known("--truncation", options.Truncation);
        TextTrainingOptionsCheck.Check(options, options.Text.Tokenizer, "a language model (--from)");
        Known("--pooling", options.Pooling);
        Share("--embedding-dropout", options.EmbeddingDropout);
        Share("--word-dropout", options.WordDropout);
        Share("--word-swap", options.WordSwap);
        Share("--word-masking", options.WordMasking);
        Share("--weight-dropout", options.WeightDropout);
        Known("--class-weights", options.ClassWeights);
        Require(options.WordVectors is null || options.From is null, "--word-vectors", options.WordVectors,
            "does not go with --from: a language model brings an embedding of its own. Leave one out.");
        Require(!options.Bidirectional || options.From is null, "--bidirectional", "on", "does not go with --from: a language model reads forwards. Leave one out.");
        TrainingOptionsCheck.Check(options);
    }
}
