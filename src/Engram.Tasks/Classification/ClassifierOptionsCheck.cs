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
        Share("--weight-dropout", options.WeightDropout);
        Known("--class-weights", options.ClassWeights);
        TrainingOptionsCheck.Check(options);
    }
}
