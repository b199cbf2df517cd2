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
        AtLeast("--embedding", options.Embedding, 1);
        Known("--pooling", options.Pooling);
        Share("--embedding-dropout", options.EmbeddingDropout);
        Share("--word-dropout", options.WordDropout);
        Share("--word-swap", options.WordSwap);
        Share("--word-masking", options.WordMasking);
        Share("--weight-dropout", options.WeightDropout);
        Known("--class-weights", options.ClassWeights);
        AtLeast("--thaw", options.Thaw, 0, " 0 lets all layers learn from the start.");
        Require(options.Thaw == 0 || options.From is not null, "--thaw", options.Thaw, "is for a network that begins with a language model. Add --from, or leave the option out.");
        Require(!options.Bidirectional || options.From is null, "--bidirectional", "on", "does not go with --from: a language model reads forwards. Leave one out.");
        TrainingOptionsCheck.Check(options);
    }
}
