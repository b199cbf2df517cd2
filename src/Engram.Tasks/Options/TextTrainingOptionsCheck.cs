using Engram.Data;
using static Engram.Tasks.TrainingOptionsCheck;

namespace Engram.Tasks;

/// <summary>The ranges of <see cref="TextTrainingOptions"/>, named as the command line names them.</summary>
internal static class TextTrainingOptionsCheck
{
    /// <param name="options">The options.</param>
    /// <param name="tokenizer">What texts are cut into.</param>
    /// <param name="otherStart">What a network of the task may begin with beside word vectors, and its option; null where there is nothing.</param>
    public static void Check(TextTrainingOptions options, TokenizerKind tokenizer, string? otherStart = null)
    {
        AtLeast("--embedding", options.Embedding ?? 1, 1);
        Require(options.WordVectors is null || tokenizer is TokenizerKind.Words or TokenizerKind.Whitespace, "--word-vectors", options.WordVectors,
            $"holds vectors of words, but texts are cut into {(tokenizer == TokenizerKind.Bpe ? "pieces of words" : "characters")}. Cut them into words (--tokenizer words), or leave the option out.");
        AtLeast("--freeze", options.Freeze, 0, " 0 lets all layers learn from the start.");
        Require(options.LearntRate > 0 && double.IsFinite(options.LearntRate), "--learnt-rate", options.LearntRate, "must be above 0. 1 gives all layers the same learning rate.");
        string needs = $"is for a network that begins with word vectors (--word-vectors){(otherStart is null ? "" : $" or {otherStart}")}. Give some, or leave the option out.";
        Require(options.Freeze == 0 || options.BeginsLearnt, "--freeze", options.Freeze == TextTrainingOptions.ForEver ? "always" : options.Freeze, needs);
        Require(options.LearntRate == 1 || options.BeginsLearnt, "--learnt-rate", options.LearntRate, needs);
    }
}
